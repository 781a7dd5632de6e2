import { nameFromLabels, type WireName } from '../dns/wire-name.ts'
import type { ServiceView } from '../store/cluster.ts'
import type { ZoneFrame } from './cluster-zone-options.ts'
import { memberAnswers } from './member-answers.ts'
import type { Answer } from './resource-record.ts'
import { type Member, MemberReader } from './service-members.ts'
import { shapeOf } from './service-shape.ts'
import type { ZoneProblems } from './zone-problems.ts'
import { zoneDirectives, zoneLabel } from './zonal-key.ts'

/** A name of a service and how to make its answers, so that only those that changed are made. */
export interface ServiceName {
  /** Labels below the service's own name: '' for that itself, `10-0-0-1`, `_http._tcp`. */
  readonly key: string
  readonly name: WireName
  readonly answers: () => readonly Answer[]
}

/**
 * The names of Services with addresses, Kubernetes DNS specification §2.3 and §2.4: the service, its
 * named ports and its endpoints, which Services with a ClusterIP have too.
 */
export class ServiceRecords {
  readonly #frame: ZoneFrame
  readonly #problems: ZoneProblems
  readonly #reader: MemberReader

  constructor(frame: ZoneFrame, problems: ZoneProblems) {
    this.#frame = frame
    this.#problems = problems
    this.#reader = new MemberReader(frame, problems)
  }

  /** The service's own name; `undefined`, and counted, where that is not a legal name. */
  baseName(view: ServiceView): WireName | undefined {
    const name = nameFromLabels(
      [view.name.toLowerCase(), view.namespace.toLowerCase()],
      this.#frame.services,
    )
    if (!name) this.#problems.note('illegal-name', `${view.namespace}/${view.name}`)
    return name
  }

  /** None for an ExternalName Service, which is a matter of AliasRecords. */
  names(view: ServiceView): readonly ServiceName[] {
    const shape = shapeOf(view, this.#frame)
    if (shape === 'none' || shape === 'alias') return []
    const base = this.baseName(view)
    if (!base) return []
    const hosts = this.#reader.readEndpoints(view, base)
    const members =
      shape === 'headless'
        ? hosts.flatMap(host => host.members)
        : this.#reader.readClusterIps(view, base)
    return [
      ...this.#ownNames(view, base, members),
      ...hosts.map(host => this.#nameOf({ key: host.label, name: host.name }, host.members)),
      ...(shape === 'headless' && this.#frame.zonal ? this.#zonalNames(view, base, members) : []),
    ]
  }

  /**
   * `ZONE.pin._zone` and `ZONE.prefer._zone` for each zone that has endpoints, and the names above them without answers, by
   * which it is known that zones have names here.
   */
  #zonalNames(view: ServiceView, base: WireName, members: readonly Member[]): ServiceName[] {
    if (members.length === 0) return []
    const zones = Map.groupBy(members, member => member.topologyZone)
    return zoneDirectives.flatMap(directive => {
      const key = `${directive}.${zoneLabel}`
      const parent = nameFromLabels([directive, zoneLabel], base)
      if (!parent) {
        this.#problems.note('illegal-name', `${view.namespace}/${view.name}`)
        return []
      }
      const names: ServiceName[] = [{ key, name: parent, answers: () => [] }]
      for (const [zone, local] of zones) {
        if (zone === '') continue
        const name = nameFromLabels(zone.split('.'), parent)
        if (name) names.push(this.#nameOf({ key: `${zone}.${key}`, name }, local))
        else this.#problems.note('illegal-name', `${view.namespace}/${view.name}`)
      }
      return names
    })
  }

  #ownNames(view: ServiceView, base: WireName, members: readonly Member[]): ServiceName[] {
    if (members.length === 0) return []
    const names = [this.#nameOf({ key: '', name: base }, members)]
    for (const key of portKeysOf(members)) {
      const name = nameFromLabels(key.split('.'), base)
      if (name) names.push(this.#nameOf({ key, name }, membersOfPort(members, key)))
      else this.#problems.note('illegal-name', `${view.namespace}/${view.name}`)
    }
    return names
  }

  #nameOf({ key, name }: { key: string; name: WireName }, members: readonly Member[]): ServiceName {
    const portKey = key.startsWith('_') ? key : ''
    const question = { name, ttlSeconds: this.#frame.ttlSeconds, portKey }
    return { key, name, answers: () => memberAnswers(question, members) }
  }
}

function portKeysOf(members: readonly Member[]): Set<string> {
  const keys = new Set<string>()
  let previous: Member['ports'] | undefined
  for (const { ports } of members) {
    if (ports === previous) continue
    previous = ports
    for (const { key } of ports) if (key !== '') keys.add(key)
  }
  return keys
}

function membersOfPort(members: readonly Member[], key: string): readonly Member[] {
  return members.filter(({ ports }) => ports.some(port => port.key === key))
}
