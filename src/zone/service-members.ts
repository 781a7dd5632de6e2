import { nameFromLabels, type WireName } from '../dns/wire-name.ts'
import type { IpBytes } from '../lib/ip.ts'
import type { Protocol } from '../objects/service.ts'
import type { ServiceView } from '../store/cluster.ts'
import type { ZoneFrame } from './cluster-zone-options.ts'
import { endpointLabel } from './endpoint-label.ts'
import { clusterIpsOf, parseRecordAddress, readyEndpoints } from './service-shape.ts'
import type { ZoneProblems } from './zone-problems.ts'

/** A port as the names below a service have it. */
interface NamedPort {
  /** `_http._tcp`; '' for a port without a name, which has no name below the service either. */
  readonly key: string
  /** `undefined` for all ports: the addresses have a name, but there is no SRV record. */
  readonly port: number | undefined
}

/** A host below a service, or the service itself where it has addresses of its own. */
export interface MemberHost {
  /** '' for the service itself. */
  readonly label: string
  readonly name: WireName
  /** Position among the hosts of the service. */
  readonly index: number
  readonly members: Member[]
}

/** One address of a service with its ports: what CoreDNS calls a service record. */
export interface Member {
  readonly host: MemberHost
  readonly address: IpBytes
  readonly ports: readonly NamedPort[]
  /** Where the endpoint is, lower case; '' where that is not known, and for a ClusterIP. */
  readonly topologyZone: string
}

/** An entry without ports still counts in the weights of SRV records, as in CoreDNS. */
const withoutPorts: readonly NamedPort[] = [{ key: '', port: undefined }]

export class MemberReader {
  readonly #frame: ZoneFrame
  readonly #problems: ZoneProblems

  constructor(frame: ZoneFrame, problems: ZoneProblems) {
    this.#frame = frame
    this.#problems = problems
  }

  /** The ClusterIPs as members of one host, the service itself. */
  readClusterIps(view: ServiceView, base: WireName): readonly Member[] {
    const service = view.service!
    const ports = namedPorts(service.ports)
    const host: MemberHost = { label: '', name: base, index: 0, members: [] }
    for (const text of clusterIpsOf(service)) {
      const address = parseRecordAddress(text)
      if (address) host.members.push({ host, address, ports, topologyZone: '' })
      else this.#problems.note('bad-address', `${view.namespace}/${view.name}`)
    }
    return host.members
  }

  /** The ready endpoints in the order of their slices; addresses and names that are none are left out. */
  readEndpoints(view: ServiceView, base: WireName): readonly MemberHost[] {
    const hosts = new Map<string, MemberHost | undefined>()
    for (const slice of view.slices) {
      const ports = namedPorts(slice.ports)
      for (const endpoint of readyEndpoints(slice)) {
        const address = parseRecordAddress(endpoint.address)
        if (!address) {
          this.#problems.note('bad-address', `${view.namespace}/${view.name}`)
          continue
        }
        const label = endpointLabel(endpoint, this.#frame)
        let host = hosts.get(label)
        if (!host && !hosts.has(label)) {
          const name = nameFromLabels([label], base)
          host = name && { label, name, index: hosts.size, members: [] }
          hosts.set(label, host)
        }
        const topologyZone = endpoint.zone.toLowerCase()
        if (host) host.members.push({ host, address, ports, topologyZone })
        else this.#problems.note('illegal-name', `${view.namespace}/${view.name}`)
      }
    }
    return [...hosts.values()].filter(host => host !== undefined)
  }
}

function namedPorts(
  ports: readonly { name: string; protocol: Protocol; port: number | undefined }[],
): readonly NamedPort[] {
  if (ports.length === 0) return withoutPorts
  return ports.map(({ name, protocol, port }) => ({ key: portKey(name, protocol), port }))
}

/** `_http._tcp`, RFC 2782. */
function portKey(name: string, protocol: Protocol): string {
  return name === '' ? '' : `_${name}._${protocol}`.toLowerCase()
}
