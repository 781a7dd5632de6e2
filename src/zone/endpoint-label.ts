import { maxLabelBytes } from '../dns/wire-name.ts'
import type { Endpoint } from '../objects/endpoint-slice.ts'
import type { ZoneFrame } from './cluster-zone-options.ts'

/**
 * The label of an endpoint below its service: its hostname, else its pod's name where that is asked
 * for and can be a label, else its address with dashes. A label that would end in a dash, as that of
 * `fd00::` would, gets a 0 behind it. Lower case. Kubernetes DNS specification §2.4.1.
 */
export function endpointLabel(endpoint: Endpoint, frame: ZoneFrame): string {
  if (endpoint.hostname !== '') return endpoint.hostname.toLowerCase()
  if (frame.endpointPodNames && isLabel(endpoint.podName)) return endpoint.podName.toLowerCase()
  const dashed = endpoint.address.toLowerCase().replace(/[.:]/g, '-')
  return dashed.endsWith('-') ? `${dashed}0` : dashed
}

function isLabel(podName: string): boolean {
  return podName !== '' && podName.length <= maxLabelBytes && !podName.includes('.')
}
