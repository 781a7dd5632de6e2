import { readUint32 } from './header.ts'
import { parsePeriodSeconds } from './period-text.ts'
import { parseRecordWords, type RecordDefaults } from './record-text.ts'
import { parseRelativeName } from './relative-name.ts'
import type { ResourceRecord } from './resource-record.ts'
import { RrType } from './rr-type.ts'
import type { WireName } from './wire-name.ts'
import {
  readZoneEntries,
  type ZoneEntry,
  type ZoneTextError,
  type ZoneToken,
} from './zone-tokens.ts'

/**
 * Reads the text of a zone file: records, `$ORIGIN` and `$TTL`. A record without a TTL has that of `$TTL`, else that of the
 * record before it, else what its SOA says for negative answers, else the default. Letter case is kept. Whether the
 * records make a zone is not looked at. RFC 1035 §5.1, RFC 2308 §4.
 */
export function parseZoneFile(
  text: string,
  defaults: RecordDefaults,
): { readonly records: readonly ResourceRecord[] } | ZoneTextError {
  const entries = readZoneEntries(text)
  if ('error' in entries) return entries
  const reader = new EntryReader(defaults)
  for (const entry of entries) {
    const error = reader.read(entry)
    if (error !== undefined) return { error, line: entry.line }
  }
  return { records: reader.records }
}

/** Goes through a zone file and keeps what a line inherits from those before. */
class EntryReader {
  readonly records: ResourceRecord[] = []
  readonly #defaultTtlSeconds: number
  #origin: WireName
  #owner: WireName | undefined
  /** Of `$TTL`. */
  #zoneTtlSeconds: number | undefined
  #lastTtlSeconds: number | undefined

  constructor({ origin, ttlSeconds }: RecordDefaults) {
    this.#origin = origin
    this.#defaultTtlSeconds = ttlSeconds
  }

  /** Returns what is wrong, if anything is. */
  read({ startsBlank, tokens }: ZoneEntry): string | undefined {
    const first = tokens[0]!
    if (startsBlank) return this.#readRecord(tokens)
    if (!first.isQuoted && first.text.startsWith('$')) return this.#readDirective(tokens)
    this.#owner = parseRelativeName(first.text, this.#origin)
    return this.#owner ? this.#readRecord(tokens.slice(1)) : `"${first.text}" is not a name`
  }

  #readRecord(tokens: readonly ZoneToken[]): string | undefined {
    if (!this.#owner) return 'the first record has no owner'
    const words = parseRecordWords(tokens, this.#origin)
    if ('error' in words) return words.error
    const { type, rdata } = words
    const ttlSeconds =
      words.ttlSeconds ??
      this.#zoneTtlSeconds ??
      this.#lastTtlSeconds ??
      (type === RrType.soa ? minimumSecondsOf(rdata) : this.#defaultTtlSeconds)
    if (words.ttlSeconds !== undefined || type === RrType.soa) this.#lastTtlSeconds = ttlSeconds
    this.records.push({ name: this.#owner, ttlSeconds, type, rdata })
    return undefined
  }

  #readDirective([directive, argument, rest]: readonly ZoneToken[]): string | undefined {
    const name = directive!.text.toUpperCase()
    if (name === '$INCLUDE' || name === '$GENERATE') return `${name} is not supported`
    if (name !== '$ORIGIN' && name !== '$TTL') {
      return `${directive!.text} is not known: known are $ORIGIN and $TTL`
    }
    if (!argument || rest) return `${name} has one argument`
    if (name === '$ORIGIN') {
      const origin = parseRelativeName(argument.text, this.#origin)
      if (!origin) return `"${argument.text}" is not a name`
      this.#origin = origin
    } else {
      this.#zoneTtlSeconds = parsePeriodSeconds(argument.text)
      if (this.#zoneTtlSeconds === undefined) return `"${argument.text}" is not a TTL`
    }
    return undefined
  }
}

/** The last field of an SOA. RFC 1035 §3.3.13. */
function minimumSecondsOf(soa: Uint8Array): number {
  return readUint32(soa, soa.length - 4)
}
