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

/** What is told of a pod. */
export type ClientDetail = 'name' | 'labels'

/**
 * Keeps a table of who has which address equal to the pods: the reverse name of an address ─▶ TXT records in this order:
 *
 *     namespace │ pod, empty where several of the namespace have the address │ key=value │ key=value │ …
 *
 * Labels only with the detail `labels`. An address that pods of several namespaces have, that of a node say, tells nothing about who
 * asks and is left out.
 */
export class ClientTable {
  readonly #sink: AnswerSink
  readonly #detail: ClientDetail
  readonly #compiler = new AnswerCompiler(new ZoneProblems())
  /** By canonical address: the pods that have it. */
  readonly #owners = new Map<string, readonly Pod[]>()

  constructor(sink: AnswerSink, detail: ClientDetail) {
    this.#sink = sink
    this.#detail = detail
  }

  apply(changes: readonly ObjectChange<Pod>[]): void {
    const touched = new Set<string>()
    for (const { before, after } of changes) {
      for (const address of addressesOf(before)) {
        const rest = this.#ownersOf(address).filter(
          owner => objectKey(owner) !== objectKey(before!),
        )
        if (rest.length > 0) this.#owners.set(address, rest)
        else this.#owners.delete(address)
        touched.add(address)
      }
      for (const address of addressesOf(after)) {
        this.#owners.set(address, [...this.#ownersOf(address), after!])
        touched.add(address)
      }
    }
    for (const address of touched) this.#put(address)
  }

  #ownersOf(address: string): readonly Pod[] {
    return this.#owners.get(address) ?? []
  }

  #put(address: string): void {
    const name = reverseName(parseIp(address)!)
    const [owner, ...others] = this.#ownersOf(address)
    if (!owner || others.some(({ namespace }) => namespace !== owner.namespace)) {
      return this.#sink.delete(name)
    }
    const texts = others.length > 0 ? [''] : [owner.name, ...this.#labelsOf(owner)]
    const record = (text: string) => ({ type: RrType.txt, name, ttlSeconds: 0, text }) as const
    const answer = positiveAnswer([record(owner.namespace), ...texts.map(record)])
    this.#sink.put(name, this.#compiler.compileAnswers(name, [answer]))
  }

  /** A label that is too long for a text has a key that nobody writes: it is left out. */
  #labelsOf({ labels }: Pod): readonly string[] {
    if (this.#detail === 'name') return []
    return Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .filter(({ length }) => length <= maxTextBytes)
  }
}

/** Of a pod that runs, until it is gone: it asks while it is ending too. */
function addressesOf(pod: Pod | undefined): Iterable<string> {
  if (pod?.phase !== 'Running' && pod?.phase !== 'Pending') return []
  return new Set(pod.podIPs.flatMap(text => canonicalIp(text) ?? []))
}
