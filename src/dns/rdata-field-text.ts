import { parseIp } from '../lib/ip.ts'
import { parseCharacters } from './character-string.ts'
import { writeUint16, writeUint32 } from './header.ts'
import { parsePeriodSeconds } from './period-text.ts'
import type { RdataField } from './rdata-shape.ts'
import { parseRelativeName } from './relative-name.ts'
import { parseRrType } from './rr-type.ts'
import type { WireName } from './wire-name.ts'

/** What is expected where a field is missing or wrong. */
export const fieldDescriptions: Readonly<Record<Exclude<RdataField, 'bytes'>, string>> = {
  u8: 'a number from 0 to 255',
  u16: 'a number from 0 to 65535',
  u32: 'a number from 0 to 4294967295',
  period: 'a number of seconds',
  time: 'a time as YYYYMMDDHHMMSS',
  type: 'a record type',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  name: 'a name',
  plainName: 'a name',
  string: 'a text of at most 255 bytes',
  strings: 'a text of at most 255 bytes',
  tag: 'a property of letters and digits',
  hex: 'hexadecimal digits, two for each byte',
  base64: 'base64',
  text: 'a text',
}

/** The bytes of one field, or `undefined` where the text is not what {@link fieldDescriptions} says. */
export function parseField(
  field: Exclude<RdataField, 'bytes'>,
  text: string,
  origin: WireName,
): Uint8Array | undefined {
  switch (field) {
    case 'u8':
      return numberBytes(parseNumber(text), 1)
    case 'u16':
      return numberBytes(parseNumber(text), 2)
    case 'u32':
      return numberBytes(parseNumber(text), 4)
    case 'period':
      return numberBytes(parsePeriodSeconds(text), 4)
    case 'time':
      return numberBytes(parseTime(text), 4)
    case 'type':
      return numberBytes(parseRrType(text), 2)
    case 'ipv4':
      return ofLength(parseIp(text), 4)
    case 'ipv6':
      return ofLength(parseIp(text), 16)
    case 'name':
    case 'plainName':
      return parseRelativeName(text, origin)
    case 'tag':
      return /^[a-z0-9]+$/i.test(text) ? withLength(parseCharacters(text)) : undefined
    case 'string':
    case 'strings':
      return withLength(parseCharacters(text))
    case 'text':
      return parseCharacters(text)
    case 'hex':
      return /^(?:[0-9a-f]{2})+$/i.test(text) ? decode(text, 'hex') : undefined
    default:
      return isBase64(text) ? decode(text, 'base64') : undefined
  }
}

/** A time of RRSIG, RFC 4034 §3.2: `20260930120000`. */
export function renderTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replaceAll(/[-:T]|\..*/g, '')
}

function parseTime(text: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text)
  if (!parts) return parseNumber(text)
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number)
  const seconds = Date.UTC(year!, month! - 1, day, hour, minute, second) / 1000
  // A 31st of February would come out as another day.
  return seconds >= 0 && renderTime(seconds) === text ? seconds : undefined
}

function parseNumber(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined
}

function numberBytes(value: number | undefined, byteCount: 1 | 2 | 4): Uint8Array | undefined {
  if (value === undefined || value >= 2 ** (8 * byteCount)) return undefined
  const bytes = new Uint8Array(byteCount)
  if (byteCount === 4) writeUint32(bytes, value, 0)
  else if (byteCount === 2) writeUint16(bytes, value, 0)
  else bytes[0] = value
  return bytes
}

function ofLength(bytes: Uint8Array | undefined, length: number): Uint8Array | undefined {
  return bytes?.length === length ? bytes : undefined
}

function withLength(bytes: Uint8Array | undefined): Uint8Array | undefined {
  if (!bytes || bytes.length > 255) return undefined
  return Uint8Array.of(bytes.length, ...bytes)
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[a-z0-9+/]+={0,2}$/i.test(text)
}

function decode(text: string, encoding: 'hex' | 'base64'): Uint8Array {
  return Uint8Array.from(Buffer.from(text, encoding))
}
