import { isSameName, type WireName } from '../../dns/wire-name.ts'
import type { ResourceRecord } from '../../dns/resource-record.ts'
import type { Reply } from '../handler.ts'
import type { PrefetchSettings } from './cache-settings.ts'
import type { KeptFor } from './reply-lifetime.ts'

/** What a record, its two arrays and an entry with its key take in memory beside their bytes, measured with Node 24. */
const recordBytes = 300
const entryBytes = 700

interface CachedReplyOptions {
  /** What was asked for. */
  readonly name: WireName
  readonly kept: KeptFor
  readonly nowMs: number
}

/** A reply as it is kept: records as they were, and since when. */
export class CachedReply {
  readonly kind: KeptFor['kind']
  readonly rcode: number
  /** The refresh that is under way: the new reply, or nothing when it failed. */
  refresh: Promise<Reply | undefined> | undefined
  /** Not before then is a refresh tried again. */
  nextRefreshMs = 0
  readonly #reply: Reply
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
    const own = (records: readonly ResourceRecord[] = []): readonly ResourceRecord[] =>
      records.map(({ name: owner, type, ttlSeconds, rdata }) => ({
        // One array for the name that was asked for, however many records it has.
        name: isSameName(owner, name) ? name : owner,
        type,
        ttlSeconds,
        rdata,
      }))
    this.#reply = {
      rcode: reply.rcode,
      // Old stub resolvers throw away what has not AA.
      authoritative: true,
      recursionAvailable: reply.recursionAvailable ?? false,
      authenticData: reply.authenticData ?? false,
      answers: own(reply.answers),
      authority: own(reply.authority),
      additional: own(reply.additional),
      isFromUpstream: true,
    }
  }

  /** Roughly, with everything around it. */
  get memoryBytes(): number {
    return entryBytes + sumRecords(this.#reply, record => recordBytes + bytesOf(record))
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

  /** With the TTLs that are left of a fresh reply. */
  aged(nowMs: number): Reply {
    const ageSeconds = Math.floor((nowMs - this.#storedMs) / 1000)
    return this.#withTtls(({ ttlSeconds }) => ttlSeconds - ageSeconds)
  }

  /** With the TTLs that it was kept with. */
  asKept(): Reply {
    return this.#reply
  }

  stale(ttlSeconds: number): Reply {
    return this.#withTtls(() => ttlSeconds)
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

  #withTtls(ttlOf: (record: ResourceRecord) => number): Reply {
    const change = (records: readonly ResourceRecord[]): readonly ResourceRecord[] =>
      records.map(record => ({
        name: record.name,
        type: record.type,
        ttlSeconds: ttlOf(record),
        rdata: record.rdata,
      }))
    const { answers, authority, additional } = this.#reply
    return {
      ...this.#reply,
      answers: change(answers!),
      authority: change(authority!),
      additional: change(additional!),
    }
  }
}

/** The bytes of a reply's records in a message, uncompressed. */
export function messageBytesOf(reply: Reply): number {
  return sumRecords(reply, record => 10 + bytesOf(record))
}

function bytesOf({ name, rdata }: ResourceRecord): number {
  return name.length + rdata.length
}

function sumRecords(
  { answers = [], authority = [], additional = [] }: Reply,
  measure: (record: ResourceRecord) => number,
): number {
  let sum = 0
  for (const section of [answers, authority, additional]) {
    for (const record of section) sum += measure(record)
  }
  return sum
}
