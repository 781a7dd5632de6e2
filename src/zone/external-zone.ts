import type { AnswerSink } from '../answers/compiled-answer.ts'
import { RrType } from '../dns/rr-type.ts'
import { nameFromLabels, type WireName } from '../dns/wire-name.ts'
import { objectKey } from '../objects/change.ts'
import type { Cluster, ServiceView, StoreDelta } from '../store/cluster.ts'
import { AnswerCompiler } from './answer-compiler.ts'
import { ClusterSelection } from './cluster-selection.ts'
import {
  childOf,
  type ClusterZoneOptions,
  resolveOptions,
  type ZoneFrame,
} from './cluster-zone-options.ts'
import type { ZoneUpdate } from './cluster-zone.ts'
import { externalNames, externalTargets } from './external-names.ts'
import { nameServerAnswer } from './name-servers.ts'
import { addressAnswers, type Answer, type Host, type SoaRecord } from './resource-record.ts'
import { ServiceRecords } from './service-records.ts'
import { parseRecordAddress, readyEndpoints } from './service-shape.ts'
import { ZoneProblems } from './zone-problems.ts'

export interface ExternalZoneOptions {
  readonly zones: readonly [string, ...string[]]
  /** The name servers are `ns1` below this label of a zone. */
  readonly apexLabel: string
  readonly ttlSeconds: number
  /** Headless Services without outer addresses have the names of their endpoints. */
  readonly headless: boolean
  /** What of the cluster is shown, and under which names of endpoints. */
  readonly cluster: ClusterZoneOptions
}

/** A frame with its Services right below the apex. */
interface ExternalFrame {
  readonly frame: ZoneFrame
  readonly services: ServiceRecords
}

/**
 * Keeps an AnswerSink equal to what of the cluster can be reached from outside: `SERVICE.NAMESPACE.ZONE` with the addresses
 * of load balancers and external addresses, as CoreDNS's k8s_external has it.
 */
export class ExternalZone {
  readonly #options: ExternalZoneOptions
  readonly #selection: ClusterSelection
  readonly #sink: AnswerSink
  readonly #problems = new ZoneProblems()
  readonly #compiler = new AnswerCompiler(this.#problems)
  readonly #frames: readonly ExternalFrame[]
  readonly #shown = new Set<string>()
  /** Services with one of our own addresses among their endpoints: where we can be reached. */
  readonly #own = new Map<string, ServiceView>()
  #hostsText: string | undefined
  #changedNames = 0
  #serial = 0

  constructor(options: ExternalZoneOptions, sink: AnswerSink) {
    const { cluster, ttlSeconds } = options
    const [zone, ...furtherZones] = options.zones
    this.#options = options
    this.#selection = new ClusterSelection(cluster)
    this.#sink = sink
    const frames = resolveOptions({
      ...cluster,
      zone,
      furtherZones,
      reverseZones: [],
      ttlSeconds,
      zonal: false,
      ignoreEmptyService: false,
    })
    this.#frames = frames.map(each => {
      const frame = { ...each, services: each.apex }
      return { frame, services: new ServiceRecords(frame, this.#problems) }
    })
    this.#setZones()
    this.#putNameServers()
  }

  apply(delta: StoreDelta, nowSeconds: number): ZoneUpdate {
    this.#changedNames = 0
    const { cluster, namespaces, services } = this.#selection.select(delta)
    const vanished = new Set<string>()
    for (const { before, after } of namespaces) {
      const { name } = (after ?? before)!
      const isShown = after !== undefined && this.#frames[0]!.frame.isExposed(after)
      if (name === this.#options.apexLabel || this.#shown.has(name) === isShown) continue
      if (!isShown) vanished.add(name)
      this.#flipNamespace(name, isShown, cluster)
    }
    for (const change of services) {
      const { namespace } = change
      const isShown = this.#shown.has(namespace)
      if (isShown || vanished.has(namespace)) {
        this.#replace(change.before, isShown ? change.after : undefined)
      }
      this.#noteOwn(objectKey(change), change.after)
    }
    this.#putNameServers()
    if (this.#changedNames > 0 && nowSeconds > this.#serial) {
      this.#serial = nowSeconds
      this.#setZones()
    }
    return { changedNames: this.#changedNames, problems: this.#problems.take() }
  }

  #flipNamespace(name: string, isShown: boolean, cluster: Cluster): void {
    if (isShown) this.#shown.add(name)
    else this.#shown.delete(name)
    for (const { frame } of this.#frames) {
      const owner = nameFromLabels([name], frame.apex)
      if (owner && isShown) this.#put(owner, [])
      else if (owner) this.#delete(owner)
    }
    for (const view of cluster.services(name)) {
      if (isShown) this.#replace(undefined, view)
      else this.#replace(view, undefined)
    }
  }

  #replace(before: ServiceView | undefined, after: ServiceView | undefined): void {
    const { headless } = this.#options
    const isSteady = before !== undefined && before.service === after?.service
    // Endpoints come and go behind outer addresses, which stay.
    if (isSteady && after?.service && externalTargets(after.service).length > 0) return
    for (const { frame, services } of this.#frames) {
      const context = { frame, services, headless }
      const gone = new Map<string, WireName>()
      if (before) for (const { key, name } of externalNames(before, context)) gone.set(key, name)
      for (const { key, name, answers } of after ? externalNames(after, context) : []) {
        gone.delete(key)
        this.#put(name, answers())
      }
      for (const name of gone.values()) this.#delete(name)
    }
  }

  #noteOwn(key: string, view: ServiceView | undefined): void {
    const { localAddresses = [] } = this.#options.cluster
    const isOwn = view?.slices.some(slice =>
      readyEndpoints(slice).some(({ address }) => localAddresses.includes(address)),
    )
    if (view?.service && isOwn) this.#own.set(key, view)
    else this.#own.delete(key)
  }

  /** The outer addresses of our own Services; ours where there are none. */
  #putNameServers(): void {
    const outer = [...this.#own.values()].flatMap(view => externalTargets(view.service!))
    const texts = outer.some(parseRecordAddress)
      ? [...new Set(outer)].sort((a, b) => (a < b ? -1 : 1))
      : (this.#options.cluster.localAddresses ?? [])
    if (texts.join(' ') === this.#hostsText) return
    this.#hostsText = texts.join(' ')
    const addresses = texts.flatMap(text => parseRecordAddress(text) ?? [])
    for (const { frame } of this.#frames) {
      const { apex, ttlSeconds } = frame
      const host: Host = { name: childOf(apex, 'ns1', this.#options.apexLabel), addresses }
      this.#put(apex, [nameServerAnswer(apex, [host], ttlSeconds)])
      this.#put(host.name, addressAnswers(host, ttlSeconds))
    }
  }

  #put(name: WireName, answers: readonly Answer[]): void {
    this.#changedNames++
    this.#sink.put(name, this.#compiler.compileAnswers(name, answers))
  }

  #delete(name: WireName): void {
    this.#changedNames++
    this.#sink.delete(name)
  }

  #setZones(): void {
    const { apexLabel, ttlSeconds } = this.#options
    this.#sink.setZones(
      this.#frames.map(({ frame: { apex: name } }) => {
        const soa: SoaRecord = {
          type: RrType.soa,
          name,
          ttlSeconds,
          mname: childOf(name, 'ns1', apexLabel),
          rname: childOf(name, 'hostmaster', apexLabel),
          serial: this.#serial,
          refreshSeconds: 7200,
          retrySeconds: 1800,
          expireSeconds: 86_400,
          minimumSeconds: ttlSeconds,
        }
        return this.#compiler.compileZone(soa)
      }),
    )
  }
}
