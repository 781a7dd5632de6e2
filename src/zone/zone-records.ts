import { nameFromLabels, renderName, type WireName } from '../dns/wire-name.ts'
import { RrType } from '../dns/rr-type.ts'
import { parseIp } from '../lib/ip.ts'
import { objectKey } from '../objects/change.ts'
import type { Cluster, ServiceChange, ServiceView, StoreDelta } from '../store/cluster.ts'
import { AddressIndex, type TouchedAddresses } from './address-index.ts'
import { AliasIndex } from './alias-index.ts'
import { aliasAnswers, aliasDependency, aliasTarget } from './alias-records.ts'
import { childOf, type ZoneFrame } from './cluster-zone-options.ts'
import { nameServerAddresses, nameServerAnswer, nameServerHosts } from './name-servers.ts'
import { PodRecords } from './pod-records.ts'
import type { RecordSink } from './record-sink.ts'
import { addressAnswers, type Answer, type Host, positiveAnswer } from './resource-record.ts'
import { ReverseRecords } from './reverse-records.ts'
import { type ServiceName, ServiceRecords } from './service-records.ts'
import { steadyNames } from './service-difference.ts'
import { shapeOf } from './service-shape.ts'
import { fixedDependency, type LookupContext, namespaceDependency } from './zone-lookup.ts'
import { ZoneProblems } from './zone-problems.ts'

/** Version of the Kubernetes DNS specification that the zone follows, §2.2. */
const schemaVersion = '1.1.0'
const schemaVersionTtlSeconds = 28_800

/** What one batch leaves to be done once all its objects are in place. */
interface Pending {
  readonly touched: TouchedAddresses
  /** What ExternalName Services may depend on. */
  readonly dependencies: Set<string>
  readonly appeared: Set<string>
  readonly vanished: Set<string>
}

/**
 * Keeps a RecordSink equal to the cluster. No names are kept here: what a service had is worked out
 * again from how it was. Kept are indexes only: addresses, aliases, pods by address.
 */
export class ZoneRecords {
  readonly #frame: ZoneFrame
  readonly #sink: RecordSink
  readonly #index = new AddressIndex()
  readonly #aliases = new AliasIndex()
  readonly #pods: PodRecords
  readonly #services: ServiceRecords
  /** For what is not being written: it counts no problems. */
  readonly #quietServices: ServiceRecords
  readonly #reverse: ReverseRecords
  readonly #lookup: LookupContext
  readonly #problems: ZoneProblems
  /** Exposed namespaces that exist. */
  readonly #shown = new Set<string>()
  readonly #fixed = new Map<string, readonly Answer[]>()
  #cluster: Cluster | undefined
  #hostsText: string | undefined

  constructor(frame: ZoneFrame, sink: RecordSink, problems: ZoneProblems) {
    this.#frame = frame
    this.#sink = sink
    this.#problems = problems
    this.#pods = new PodRecords(frame)
    this.#services = new ServiceRecords(frame, problems)
    this.#quietServices = new ServiceRecords(frame, new ZoneProblems())
    const find = (namespace: string, name: string) => this.#find(namespace, name)
    const services = this.#quietServices
    this.#reverse = new ReverseRecords({ frame, index: this.#index, services, find })
    this.#lookup = {
      frame,
      services,
      pods: this.#pods,
      fixed: this.#fixed,
      isShown: namespace => this.#shown.has(namespace),
      find,
    }
    this.#putFixedNames()
    this.#putNameServers()
  }

  apply(delta: StoreDelta): void {
    this.#cluster = delta.cluster
    const pending = this.#applyNamespaces(delta)
    this.#applyPods(delta, pending)
    for (const change of this.#serviceChanges(delta, pending)) this.#applyService(change, pending)
    this.#putReverse(pending.touched)
    if (this.#putNameServers()) pending.dependencies.add(fixedDependency)
    for (const key of this.#aliases.dependents(pending.dependencies)) this.#putAlias(key)
  }

  #find(namespace: string, name: string): ServiceView | undefined {
    const view = this.#shown.has(namespace) ? this.#cluster?.service(namespace, name) : undefined
    return view?.service && view
  }

  #applyNamespaces(delta: StoreDelta): Pending {
    const pending: Pending = {
      touched: { addresses: [], slices: [] },
      dependencies: new Set(),
      appeared: new Set(),
      vanished: new Set(),
    }
    for (const { before, after } of delta.namespaces) {
      const name = (after ?? before)!.name
      const isShown = after !== undefined && this.#frame.isExposed(after)
      if (this.#shown.has(name) === isShown) continue
      pending.dependencies.add(namespaceDependency(name))
      if (isShown) {
        this.#shown.add(name)
        pending.appeared.add(name)
      } else {
        this.#shown.delete(name)
        pending.vanished.add(name)
      }
      for (const parent of this.#namespaceParents()) {
        const owner = this.#legalChild(parent, name)
        if (!owner) continue
        if (isShown) this.#sink.put(owner, [])
        else this.#sink.delete(owner)
      }
    }
    return pending
  }

  #namespaceParents(): readonly WireName[] {
    const { services, pods, podMode } = this.#frame
    return podMode === 'disabled' ? [services] : [services, pods]
  }

  #applyPods(delta: StoreDelta, pending: Pending): void {
    for (const [namespace, addresses] of this.#pods.apply(delta.pods)) {
      pending.dependencies.add(namespaceDependency(namespace))
      for (const address of addresses) this.#putPod(namespace, address)
    }
    for (const namespace of [...pending.appeared, ...pending.vanished]) {
      for (const address of this.#pods.addresses(namespace)) this.#putPod(namespace, address)
    }
  }

  #putPod(namespace: string, text: string): void {
    const name = this.#pods.name(namespace, text)
    const address = parseIp(text)
    if (!name || !address) return this.#problems.note('illegal-name', `${namespace}/${text}`)
    if (this.#shown.has(namespace) && this.#pods.has(namespace, text)) {
      this.#sink.put(name, this.#pods.answers(name, address))
    } else this.#sink.delete(name)
  }

  /** The services that changed, and all of a namespace that came or went. */
  #serviceChanges(delta: StoreDelta, pending: Pending): Iterable<ServiceChange> {
    const flipped = [...pending.appeared, ...pending.vanished]
    if (flipped.length === 0) return delta.services
    const changes = new Map<string, ServiceChange>()
    for (const namespace of flipped) {
      for (const view of delta.cluster.services(namespace)) {
        const { name } = view
        changes.set(objectKey(view), { namespace, name, before: view, after: view })
      }
    }
    for (const change of delta.services) changes.set(objectKey(change), change)
    return changes.values()
  }

  #applyService(change: ServiceChange, pending: Pending): void {
    const { namespace } = change
    const isShown = this.#shown.has(namespace)
    const wasShown =
      pending.vanished.has(namespace) || (isShown && !pending.appeared.has(namespace))
    const before = wasShown && change.before?.service ? change.before : undefined
    const after = isShown && change.after?.service ? change.after : undefined
    this.#applyAddresses(change, { before, after }, pending)
    this.#applyAlias(objectKey(change), { before, after })
    this.#applyNames(before, after)
    pending.dependencies.add(objectKey(change))
  }

  #applyAddresses(change: ServiceChange, shown: ShownChange, { touched }: Pending): void {
    this.#index.replace(change.before, change.after, touched)
    if (this.#shapeOf(shown.before) === this.#shapeOf(shown.after)) return
    // A view that is new or gone was touched as a whole already.
    if (change.before && change.after) this.#index.touch(change.after, touched)
  }

  #applyAlias(key: string, { before, after }: ShownChange): void {
    const { apex } = this.#frame
    const previous = this.#shapeOf(before) === 'alias' && aliasDependency(before!, apex)
    const next = this.#shapeOf(after) === 'alias' && aliasDependency(after!, apex)
    if (previous) this.#aliases.remove(previous, key)
    if (next) this.#aliases.add(next, key)
  }

  #shapeOf(view: ServiceView | undefined): string {
    return view ? shapeOf(view, this.#frame) : 'none'
  }

  #applyNames(before: ServiceView | undefined, after: ServiceView | undefined): void {
    const gone = new Map<string, WireName>()
    if (before) for (const { key, name } of this.#names(before, 'before')) gone.set(key, name)
    const isSteady = steadyNames(before, after, this.#frame)
    for (const { key, name, answers } of after ? this.#names(after, 'after') : []) {
      if (gone.delete(key) && isSteady(key)) continue
      this.#sink.put(name, answers())
    }
    for (const name of gone.values()) this.#sink.delete(name)
  }

  #names(view: ServiceView, time: 'before' | 'after'): readonly ServiceName[] {
    const services = time === 'before' ? this.#quietServices : this.#services
    if (shapeOf(view, this.#frame) !== 'alias') return services.names(view)
    const name = services.baseName(view)
    if (!name) return []
    if (aliasTarget(view)) {
      return [{ key: '', name, answers: () => aliasAnswers(view, name, this.#lookup) }]
    }
    if (time === 'after') this.#problems.note('illegal-name', objectKey(view))
    return []
  }

  #putAlias(key: string): void {
    const [namespace = '', service = ''] = key.split('/')
    const view = this.#find(namespace, service)
    if (view)
      for (const { name, answers } of this.#names(view, 'before')) this.#sink.put(name, answers())
  }

  #putReverse(touched: TouchedAddresses): void {
    for (const { name, answers } of this.#reverse.entries(touched)) {
      if (answers.length > 0) this.#sink.put(name, answers)
      else this.#sink.delete(name)
    }
  }

  #putFixedNames(): void {
    const { apex, services, pods } = this.#frame
    const version = childOf(apex, 'dns-version')
    this.#putFixed(services, [])
    this.#putFixed(pods, [])
    this.#putFixed(version, [
      positiveAnswer([
        {
          type: RrType.txt,
          name: version,
          ttlSeconds: schemaVersionTtlSeconds,
          text: schemaVersion,
        },
      ]),
    ])
  }

  /** Returns whether anything changed. */
  #putNameServers(): boolean {
    const { apex, reverseApexes, ttlSeconds } = this.#frame
    const hosts = nameServerHosts({
      frame: this.#frame,
      index: this.#index,
      names: view => this.#names(view, 'before'),
      find: this.#lookup.find,
    })
    const text = renderHosts(hosts)
    if (text === this.#hostsText) return false
    this.#hostsText = text
    const addresses = nameServerAddresses(hosts)
    for (const zone of [apex, ...reverseApexes]) {
      this.#putFixed(zone, [nameServerAnswer(zone, hosts, ttlSeconds)])
      const name = childOf(zone, 'ns', 'dns')
      this.#putFixed(name, addressAnswers({ name, addresses }, ttlSeconds))
    }
    return true
  }

  #putFixed(name: WireName, answers: readonly Answer[]): void {
    this.#fixed.set(renderName(name), answers)
    this.#sink.put(name, answers)
  }

  #legalChild(parent: WireName, label: string): WireName | undefined {
    const name = nameFromLabels([label], parent)
    if (!name) this.#problems.note('illegal-name', label)
    return name
  }
}

interface ShownChange {
  readonly before: ServiceView | undefined
  readonly after: ServiceView | undefined
}

function renderHosts(hosts: readonly Host[]): string {
  return hosts.map(({ name, addresses }) => `${renderName(name)} ${addresses.join(' ')}`).join('\n')
}
