import type { WireName } from '../../dns/wire-name.ts'
import type { Reply } from '../handler.ts'
import type { PrefetchSettings } from './cache-settings.ts'
import { packRecords, unpackRecords } from './packed-records.ts'
import type { KeptFor } from './reply-lifetime.ts'

/** What an entry takes in memory beside the bytes of its records and its key, measured with Node 24. */
const entryBytes = 520

interface CachedReplyOptions {
  /** What was asked for. */
  readonly name: WireName
  readonly kept: KeptFor
  readonly nowMs: number
}

/** A reply as it is kept: its records as they were, and since when. */
export class CachedReply {
  readonly kind: KeptFor['kind']
  readonly rcode: number
  /** The refresh that is under way: the new reply, or nothing when it failed. */
  refresh: Promise<Reply | undefined> | undefined
  /** Not before then is a refresh tried again. */
  nextRefreshMs = 0
  readonly #recursionAvailable: boolean
  readonly #authenticData: boolean
  /** Of all sections, one behind the other. */
  readonly #records: Uint8Array
  readonly #answerCount: number
  readonly #authorityEnd: number
  readonly #storedMs: number
  #expiresMs: number
  #hits = 0
  #lastHitMs: number

  constructor(reply: Reply, { name, kept: { kind, lifetimeMs }, nowMs }: CachedReplyOptions) {
    this.kind = kind
    this.rcode = reply.rcode
    this.#storedMs = nowMs
    this.#expiresMs = nowMs + lifetimeMs
    this.#lastHitMs = nowMs
    this.#recursionAvailable = reply.recursionAvailable ?? false
    this.#authenticData = reply.authenticData ?? false
    const { answers = [], authority = [], additional = [] } = reply
    this.#answerCount = answers.length
    this.#authorityEnd = answers.length + authority.length
    this.#records = packRecords([...answers, ...authority, ...additional], name)
  }

  /** Roughly, with everything around it. */
  get memoryBytes(): number {
    return entryBytes + this.#records.length
  }

  isFresh(nowMs: number): boolean {
    return nowMs < this.#expiresMs
  }

  /** Fresh, or not fresh for less than `maxAgeMs`. */
  isUsable(nowMs: number, maxAgeMs: number): boolean {
    return nowMs < this.#expiresMs + maxAgeMs
  }

  /** A denial has come since: from now on this is only what there was last. */
  expire(nowMs: number): void {
    this.#expiresMs = Math.min(this.#expiresMs, nowMs)
  }

  /** With the TTLs that are left of a fresh reply. `name` is what was asked for, here and below. */
  aged(name: WireName, nowMs: number): Reply {
    const ageSeconds = Math.floor((nowMs - this.#storedMs) / 1000)
    return this.#unpack(name, ttlSeconds => ttlSeconds - ageSeconds)
  }

  /** With the TTLs that it was kept with. */
  asKept(name: WireName): Reply {
    return this.#unpack(name, ttlSeconds => ttlSeconds)
  }

  stale(name: WireName, ttlSeconds: number): Reply {
    return this.#unpack(name, () => ttlSeconds)
  }

  /** Counts a hit, and says whether a reply that is this popular should be asked for again. */
  isDue({ hits, windowMs, percent }: PrefetchSettings, nowMs: number): boolean {
    this.#hits = nowMs - this.#lastHitMs > windowMs ? 1 : this.#hits + 1
    this.#lastHitMs = nowMs
    const leftMs = this.#expiresMs - nowMs
    const lifetimeMs = this.#expiresMs - this.#storedMs
    // A second at the end in any case: TTLs are whole ones.
    return this.#hits >= hits && leftMs <= Math.max((lifetimeMs * percent) / 100, 1000)
  }

  /** The popularity of the reply that this one takes the place of. */
  inheritHits(before: CachedReply): void {
    this.#hits = before.#hits
    this.#lastHitMs = before.#lastHitMs
  }

  #unpack(name: WireName, ttlOf: (ttlSeconds: number) => number): Reply {
    const records = unpackRecords(this.#records, name, ttlOf)
    return {
      rcode: this.rcode,
      // Old stub resolvers throw away what has not AA.
      authoritative: true,
      recursionAvailable: this.#recursionAvailable,
      authenticData: this.#authenticData,
      answers: records.slice(0, this.#answerCount),
      authority: records.slice(this.#answerCount, this.#authorityEnd),
      additional: records.slice(this.#authorityEnd),
      isFromUpstream: true,
    }
  }
}

/** The bytes of a reply's records in a message, uncompressed. */
export function messageBytesOf({ answers = [], authority = [], additional = [] }: Reply): number {
  let sum = 0
  for (const section of [answers, authority, additional]) {
    for (const { name, rdata } of section) sum += 10 + name.length + rdata.length
  }
  return sum
}
