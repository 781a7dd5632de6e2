import { parseDashedIp } from '../../lib/dashed-ip.ts'
import type { IpBytes } from '../../lib/ip.ts'
import { labelsOf, nameFromLabels, type WireName } from '../../dns/wire-name.ts'

/** A name that says its own address: `10-244-1-3.default.pod.cluster.local`. */
export interface PodName {
  /** The name itself, without the labels that are ignored. */
  readonly name: WireName
  /** `default.pod.cluster.local`: the name exists only where this one does. */
  readonly namespaceName: WireName
  readonly address: IpBytes
}

/**
 * Reads a name below `pod.ZONE` as CoreDNS does with `pods insecure`: one or two labels in front of the address are
 * ignored. `undefined` when it holds no address. Kubernetes DNS specification §2.5 (deprecated there).
 */
export function parsePodName(name: WireName, podZone: WireName): PodName | undefined {
  const labels = labelsOf(name.subarray(0, name.length - podZone.length))
  if (labels.length < 2 || labels.length > 4) return undefined
  const podName = nameFromLabels(labels.slice(-2), podZone)
  const namespaceName = nameFromLabels(labels.slice(-1), podZone)
  const address = parseDashedIp(labels.at(-2)!)
  return podName && namespaceName && address && { name: podName, namespaceName, address }
}
