import { nameFromLabels, type WireName } from '../dns/wire-name.ts'
import { RrType } from '../dns/rr-type.ts'
import { canonicalIp, type IpBytes } from '../lib/ip.ts'
import type { Pod } from '../objects/pod.ts'
import type { ObjectChange } from '../store/cluster.ts'
import type { ZoneFrame } from './cluster-zone-options.ts'
import {
  addressAnswers,
  addressRecord,
  type Answer,
  positiveAnswer,
  type SrvRecord,
} from './resource-record.ts'
import { parseRecordAddress } from './service-shape.ts'

/**
 * The addresses of the pods of each namespace, for `pods verified`. Pods of one node's network share
 * its address, so each is counted.
 */
export class PodRecords {
  readonly #frame: ZoneFrame
  /** By namespace: how many pods have the address. */
  readonly #counts = new Map<string, Map<string, number>>()

  constructor(frame: ZoneFrame) {
    this.#frame = frame
  }

  /** Returns the addresses that came or went, by namespace. */
  apply(changes: readonly ObjectChange<Pod>[]): ReadonlyMap<string, ReadonlySet<string>> {
    const touched = new Map<string, Set<string>>()
    if (this.#frame.podMode !== 'verified') return touched
    for (const { before, after } of changes) {
      for (const [pod, step] of [
        [before, -1],
        [after, 1],
      ] as const) {
        const address = pod && addressOf(pod)
        if (!pod || address === undefined) continue
        this.#count(pod.namespace, address, step)
        touched.set(pod.namespace, (touched.get(pod.namespace) ?? new Set()).add(address))
      }
    }
    return touched
  }

  addresses(namespace: string): Iterable<string> {
    return this.#counts.get(namespace)?.keys() ?? []
  }

  has(namespace: string, address: string): boolean {
    return this.#counts.get(namespace)?.has(address) ?? false
  }

  name(namespace: string, address: string): WireName | undefined {
    return nameFromLabels([podLabel(address), namespace], this.#frame.pods)
  }

  /** The address, and one SRV record with port 0 that points back at the name, as in CoreDNS. */
  answers(name: WireName, address: IpBytes): readonly Answer[] {
    const { ttlSeconds } = this.#frame
    const srv: SrvRecord = {
      type: RrType.srv,
      name,
      ttlSeconds,
      weight: 100,
      port: 0,
      target: name,
    }
    return [
      ...addressAnswers({ name, addresses: [address] }, ttlSeconds),
      positiveAnswer([srv], [addressRecord(name, address, ttlSeconds)]),
    ]
  }

  #count(namespace: string, address: string, step: 1 | -1): void {
    let counts = this.#counts.get(namespace)
    if (!counts) this.#counts.set(namespace, (counts = new Map<string, number>()))
    const count = (counts.get(address) ?? 0) + step
    if (count > 0) counts.set(address, count)
    else counts.delete(address)
    if (counts.size === 0) this.#counts.delete(namespace)
  }
}

function podLabel(address: string): string {
  return address.replaceAll(/[.:]/g, '-')
}

/** The primary address of a pod that has not ended; secondary ones have no name, as in CoreDNS. */
function addressOf(pod: Pod): string | undefined {
  const isLive = pod.phase === 'Pending' || pod.phase === 'Running'
  const text = pod.podIPs[0]
  if (!isLive || pod.terminating || text === undefined) return undefined
  return parseRecordAddress(text) && canonicalIp(text)
}
