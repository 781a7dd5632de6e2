import type { Argument } from '../../corefile/argument.ts'
import type { Directive } from '../../corefile/directive.ts'
import { durationMs } from '../../corefile/duration-arguments.ts'
import { count, countBetween, integerSeconds, percentage } from '../../corefile/number-arguments.ts'
import { oneOf } from '../../corefile/text-arguments.ts'
import { zoneNames } from '../../corefile/zone-arguments.ts'
import type { BlockPlace } from '../plugin.ts'
import { readZones } from '../read-zones.ts'

/** What may be in one of the two caches. */
export interface ShelfSettings {
  readonly capacityEntries: number
  readonly maxTtlSeconds: number
  readonly minTtlSeconds: number
  /** Zones of which nothing is kept. */
  readonly disabledZones: readonly string[]
}

export interface StaleSettings {
  /** How long past its TTL an answer may be given. */
  readonly maxAgeMs: number
  readonly mode: 'immediate' | 'verify'
  /** How long a client waits for a new answer before it gets the old one; 0 for as long as it takes. */
  readonly verifyTimeoutMs: number
  readonly ttlSeconds: number
  /** For how long a failed refresh is not tried again. */
  readonly recheckMs: number
}

export interface PrefetchSettings {
  /** Hits that make an answer popular, none more than `windowMs` after the one before. */
  readonly hits: number
  readonly windowMs: number
  /** Of the TTL, at the end of which a popular answer is asked for again. */
  readonly percent: number
}

/** What a `cache` directive says. Zones are lower case with a final dot. */
export interface CacheSettings {
  readonly zones: readonly string[]
  readonly success: ShelfSettings
  readonly denial: ShelfSettings
  readonly failureMs: number
  readonly prefetch: PrefetchSettings | undefined
  readonly stale: StaleSettings | undefined
  readonly prefersPositive: boolean
  readonly keepsTtl: boolean
}

const defaultCapacityEntries = 100_000
/** What CoreDNS takes for less. */
const minCapacityEntries = 1024
const minute = 60_000

/** RFC 8767 §5: what a client is made to wait at most. */
const clientTimeoutMs = 1800

const ttl: Argument<number> = {
  expected: 'a number of seconds above 0',
  parse: word => integerSeconds.parse(word) || undefined,
}

/** RFC 2308 §7.1, RFC 8767 §5: not longer than five minutes. */
const failureTime: Argument<number> = {
  expected: 'a duration of at most 5m',
  parse(word) {
    const ms = durationMs.parse(word)
    return ms !== undefined && ms <= 5 * minute ? ms : undefined
  },
}

const wholeSeconds: Argument<number> = {
  expected: 'a duration of whole seconds like 30s',
  parse(word) {
    const ms = durationMs.parse(word)
    return ms !== undefined && ms % 1000 === 0 && ms / 1000 < 2 ** 31 ? ms / 1000 : undefined
  },
}

const tenToNinety: Argument<number> = {
  expected: 'a percentage from 10% to 90%',
  parse(word) {
    const value = percentage.parse(word)
    return value !== undefined && value >= 10 && value <= 90 ? value : undefined
  },
}

/** Reads `cache [TTL] [ZONES…] { … }`. Without zones they are those of the server block. */
export function readCache(directive: Directive, place: BlockPlace): CacheSettings {
  const capSeconds = /^[+-]?\d+$/.test(directive.peek() ?? '') ? directive.one(ttl) : undefined
  const zones = readZones(directive, place.zones)
  const shelf = { capacityEntries: defaultCapacityEntries, minTtlSeconds: 5, disabledZones: [] }
  let settings: CacheSettings = {
    zones,
    success: { ...shelf, maxTtlSeconds: capSeconds ?? 3600 },
    denial: { ...shelf, maxTtlSeconds: capSeconds ?? 1800 },
    failureMs: 5000,
    prefetch: undefined,
    stale: undefined,
    prefersPositive: false,
    keepsTtl: false,
  }
  const set = (changes: Partial<CacheSettings>): void => {
    settings = { ...settings, ...changes }
  }
  directive.block({
    success: line => set({ success: readShelf(line, settings.success) }),
    denial: line => set({ denial: readShelf(line, settings.denial) }),
    prefetch: line => set({ prefetch: readPrefetch(line) }),
    serve_stale: line => set({ stale: readStale(line) }),
    serve_stale_policy: line => {
      line.one(oneOf('prefer_positive'))
      if (settings.prefersPositive) throw line.fail('may stand only once')
      set({ prefersPositive: true })
    },
    servfail: line => set({ failureMs: line.one(failureTime) }),
    disable: line => {
      const kind = line.one(oneOf('success', 'denial'))
      const zones = line.rest(zoneNames).flat()
      const disabledZones = zones.length > 0 ? zones : ['.']
      set({ [kind]: { ...settings[kind], disabledZones } })
    },
    keepttl: () => set({ keepsTtl: true }),
  })
  if (settings.prefersPositive && !settings.stale) {
    throw directive.fail('serve_stale_policy requires serve_stale')
  }
  return settings
}

function readShelf(line: Directive, shelf: ShelfSettings): ShelfSettings {
  const capacityEntries = Math.max(line.one(count), minCapacityEntries)
  const maxTtlSeconds = line.optional(ttl) ?? shelf.maxTtlSeconds
  const minTtlSeconds = line.optional(integerSeconds) ?? shelf.minTtlSeconds
  return { ...shelf, capacityEntries, maxTtlSeconds, minTtlSeconds }
}

function readPrefetch(line: Directive): PrefetchSettings | undefined {
  const hits = line.one(countBetween(0, Number.MAX_SAFE_INTEGER))
  const windowMs = line.optional(durationMs) ?? minute
  const percent = line.optional(tenToNinety) ?? 10
  return hits === 0 ? undefined : { hits, windowMs, percent }
}

/** `[DURATION [immediate [TTL [RECHECK]] | verify [TIMEOUT [TTL [RECHECK]]]]]`; a duration of 0 is none at all. */
function readStale(line: Directive): StaleSettings | undefined {
  const maxAgeMs = line.optional(durationMs) ?? 60 * minute
  const mode = line.optional(oneOf('immediate', 'verify')) ?? 'immediate'
  const verifyTimeoutMs =
    mode === 'verify' ? (line.optional(durationMs) ?? clientTimeoutMs) : clientTimeoutMs
  const ttlSeconds = line.optional(wholeSeconds) ?? 0
  const recheckMs = line.optional(failureTime) ?? 0
  return maxAgeMs === 0 ? undefined : { maxAgeMs, mode, verifyTimeoutMs, ttlSeconds, recheckMs }
}
