import { parsePeriodSeconds } from './period-text.ts'
import { parseRdata, renderRdata } from './rdata-text.ts'
import { parseRelativeName } from './relative-name.ts'
import type { ResourceRecord } from './resource-record.ts'
import { parseRrType, renderRrType, RrType } from './rr-type.ts'
import { renderName, type WireName } from './wire-name.ts'
import { readZoneEntries, type ZoneToken } from './zone-tokens.ts'

export type ParsedRecord = { readonly record: ResourceRecord } | { readonly error: string }

/** What a record may leave out. */
export interface RecordDefaults {
  /** What names without a final dot are below. */
  readonly origin: WireName
  readonly ttlSeconds: number
}

/** A record whose TTL may still be missing. */
export interface RecordWords {
  readonly ttlSeconds: number | undefined
  readonly type: number
  readonly rdata: Uint8Array
}

/** OPT, TKEY, TSIG and the types of questions are in messages alone. RFC 6895 §3.1. */
const firstMetaType = 128
const lastMetaType = 255

/** Reads one record in the form of a zone file: `NAME [TTL] [CLASS] TYPE DATA`. Letter case is kept. RFC 1035 §5.1. */
export function parseRecord(text: string, { origin, ttlSeconds }: RecordDefaults): ParsedRecord {
  const entries = readZoneEntries(text.trimStart())
  if ('error' in entries) return { error: entries.error }
  const [entry] = entries
  if (entries.length !== 1 || !entry) return { error: 'expected one record' }
  const [owner, ...rest] = entry.tokens
  const name = parseRelativeName(owner!.text, origin)
  if (!name) return { error: `"${owner!.text}" is not a name` }
  const words = parseRecordWords(rest, origin)
  if ('error' in words) return words
  return { record: { ...words, name, ttlSeconds: words.ttlSeconds ?? ttlSeconds } }
}

/** Reads what stands behind the owner: TTL and class in either order, or none, then type and data. */
export function parseRecordWords(
  tokens: readonly ZoneToken[],
  origin: WireName,
): RecordWords | { readonly error: string } {
  let ttlSeconds: number | undefined
  let hasClass = false
  for (const [position, { text }] of tokens.entries()) {
    if (ttlSeconds === undefined && /^\d/.test(text)) {
      ttlSeconds = parsePeriodSeconds(text)
      if (ttlSeconds === undefined) return { error: `"${text}" is not a TTL` }
    } else if (!hasClass && /^(?:in|ch|hs|cs|class\d+)$/i.test(text)) {
      if (!/^(?:in|class1)$/i.test(text))
        return { error: `class ${text} is not supported, only IN` }
      hasClass = true
    } else {
      const type = parseRrType(text)
      if (type === undefined) return { error: `"${text}" is not a record type` }
      if (isMetaType(type)) return { error: `no record is of type ${renderRrType(type)}` }
      const parsed = parseRdata(type, tokens.slice(position + 1), origin)
      return 'error' in parsed ? parsed : { ttlSeconds, type, rdata: parsed.rdata }
    }
  }
  return { error: 'the type is missing' }
}

/** The record as a line of a zone file: `web.example.org. 60 IN A 192.0.2.1`. */
export function renderRecord({ name, ttlSeconds, type, rdata }: ResourceRecord): string {
  return `${renderName(name)} ${ttlSeconds} IN ${renderRrType(type)} ${renderRdata(type, rdata)}`
}

function isMetaType(type: number): boolean {
  return type === 0 || type === RrType.opt || (type >= firstMetaType && type <= lastMetaType)
}
