import { isIpv4Mapped, parseIp } from '../lib/ip.ts'
import { type Endpoint, type EndpointSlice } from '../objects/endpoint-slice.ts'
import { headlessClusterIp, type Service } from '../objects/service.ts'
import type { ServiceView } from '../store/cluster.ts'
import type { ZoneFrame } from './cluster-zone-options.ts'

/** What kind of names a Service has. */
export type ServiceShape = 'none' | 'alias' | 'cluster-ip' | 'headless'

/** `none` while there is no Service object, and for what can have no names at all. */
export function shapeOf(view: ServiceView, frame: ZoneFrame): ServiceShape {
  const { service } = view
  if (!service) return 'none'
  if (service.type === 'ExternalName') return isAlias(service) ? 'alias' : 'none'
  if (clusterIpsOf(service)[0] === headlessClusterIp) return 'headless'
  return frame.ignoreEmptyService && !hasReadyEndpoint(view) ? 'none' : 'cluster-ip'
}

/** The addresses as the API gives them; manifests written by hand may have the singular field only. */
export function clusterIpsOf(service: Service): readonly string[] {
  if (service.clusterIPs.length > 0) return service.clusterIPs
  return service.clusterIP === '' ? [] : [service.clusterIP]
}

/**
 * The endpoints that have records. Only `ready` counts, as in CoreDNS: the controller sets it where
 * publishNotReadyAddresses asks for it. Slices of type FQDN have none: they would be several CNAMEs
 * at one name, which RFC 2181 §10.1 forbids.
 */
export function readyEndpoints(slice: EndpointSlice): readonly Endpoint[] {
  if (slice.addressType === 'FQDN') return []
  return slice.endpoints.filter(endpoint => endpoint.ready)
}

/** The bytes of an address that may stand in a record. */
export function parseRecordAddress(text: string): Uint8Array | undefined {
  const address = parseIp(text)
  return address && !isIpv4Mapped(address) ? address : undefined
}

function hasReadyEndpoint(view: ServiceView): boolean {
  return view.slices.some(slice => readyEndpoints(slice).length > 0)
}

function isAlias(service: Service): boolean {
  return service.externalName !== '' && parseIp(service.externalName) === undefined
}
