import type { AnswerSink } from '../answers/compiled-answer.ts'
import { reverseName } from '../dns/reverse-name.ts'
import { RrType } from '../dns/rr-type.ts'
import { canonicalIp, parseIp } from '../lib/ip.ts'
import { objectKey } from '../objects/change.ts'
import type { Pod } from '../objects/pod.ts'
import type { ObjectChange } from '../store/cluster.ts'
import { AnswerCompiler } from './answer-compiler.ts'
import { positiveAnswer } from './resource-record.ts'
import { ZoneProblems } from './zone-problems.ts'

const maxTextBytes = 255

/**
 * Keeps a table of who has which address equal to the pods: the reverse name of an address ─▶ TXT `namespace/pod`. An address
 * that pods of several namespaces have, that of a node say, tells nothing about who asks and is left out.
 */
export class ClientTable {
  readonly #sink: AnswerSink
  readonly #compiler = new AnswerCompiler(new ZoneProblems())
  /** By canonical address: `namespace/pod` of those that have it. */
  readonly #owners = new Map<string, readonly string[]>()

  constructor(sink: AnswerSink) {
    this.#sink = sink
  }

  apply(changes: readonly ObjectChange<Pod>[]): void {
    const touched = new Set<string>()
    for (const { before, after } of changes) {
      for (const address of addressesOf(before)) {
        const rest = this.#ownersOf(address).filter(owner => owner !== objectKey(before!))
        if (rest.length > 0) this.#owners.set(address, rest)
        else this.#owners.delete(address)
        touched.add(address)
      }
      for (const address of addressesOf(after)) {
        this.#owners.set(address, [...this.#ownersOf(address), objectKey(after!)])
        touched.add(address)
      }
    }
    for (const address of touched) this.#put(address)
  }

  #ownersOf(address: string): readonly string[] {
    return this.#owners.get(address) ?? []
  }

  #put(address: string): void {
    const name = reverseName(parseIp(address)!)
    const owners = this.#ownersOf(address).toSorted((a, b) => (a < b ? -1 : 1))
    const namespaces = new Set(owners.map(owner => owner.slice(0, owner.indexOf('/'))))
    const [owner] = owners
    if (owner === undefined || namespaces.size > 1) return this.#sink.delete(name)
    const text = owner.slice(0, maxTextBytes)
    const answer = positiveAnswer([{ type: RrType.txt, name, ttlSeconds: 0, text }])
    this.#sink.put(name, this.#compiler.compileAnswers(name, [answer]))
  }
}

/** Of a pod that runs, until it is gone: it asks while it is ending too. */
function addressesOf(pod: Pod | undefined): Iterable<string> {
  if (pod?.phase !== 'Running' && pod?.phase !== 'Pending') return []
  return new Set(pod.podIPs.flatMap(text => canonicalIp(text) ?? []))
}
