import { formatIp } from '../lib/ip.ts'
import { concatBytes } from '../lib/concat-bytes.ts'
import { renderCharacters } from './character-string.ts'
import { readUint16, readUint32 } from './header.ts'
import { NameReader } from './name-reader.ts'
import { fieldDescriptions, parseField, renderTime } from './rdata-field-text.ts'
import { readRdata } from './rdata-reader.ts'
import { fixedFieldBytes, rdataShape, type RdataField } from './rdata-shape.ts'
import { renderRrType } from './rr-type.ts'
import { renderName, type WireName } from './wire-name.ts'
import type { ZoneToken } from './zone-tokens.ts'

export type ParsedRdata = { readonly rdata: Uint8Array } | { readonly error: string }

const maxRdataBytes = 0xffff

/** Fields whose text may have blanks in it: the words to the end are one. */
const wordyFields: ReadonlySet<RdataField> = new Set<RdataField>(['hex', 'base64'])

/**
 * Reads the data of a record of `type`, names in it relative to `origin`. Types that have no text form here are written
 * `\# LENGTH HEX`, which every type may be (RFC 3597 §5).
 */
export function parseRdata(
  type: number,
  tokens: readonly ZoneToken[],
  origin: WireName,
): ParsedRdata {
  if (tokens[0]?.text === '\\#' && !tokens[0].isQuoted) return parseGeneric(type, tokens.slice(1))
  const mnemonic = renderRrType(type)
  const chunks: Uint8Array[] = []
  let position = 0
  for (const field of rdataShape(type)) {
    if (field === 'bytes') return { error: `data of type ${mnemonic} is written \\# LENGTH HEX` }
    for (;;) {
      const words = wordyFields.has(field)
        ? tokens.slice(position)
        : tokens.slice(position, position + 1)
      if (words.length === 0) {
        return { error: `${mnemonic} ends where ${fieldDescriptions[field]} is expected` }
      }
      const text = words.map(word => word.text).join('')
      const bytes = parseField(field, text, origin)
      if (!bytes) return { error: `"${text}" is not ${fieldDescriptions[field]}` }
      chunks.push(bytes)
      position += words.length
      if (field !== 'strings' || position === tokens.length) break
    }
  }
  if (position < tokens.length) {
    return { error: `"${tokens[position]!.text}" is too much for ${mnemonic}` }
  }
  const rdata = concatBytes(chunks)
  return rdata.length > maxRdataBytes ? { error: 'more data than 65535 bytes' } : { rdata }
}

/** The data in the words of a zone file, or as `\# LENGTH HEX` where the type has none here or the data is not of its type. */
export function renderRdata(type: number, rdata: Uint8Array): string {
  const shape = rdataShape(type)
  if (shape.includes('bytes') || !isOfType(type, rdata)) {
    return `\\# ${rdata.length} ${hexOf(rdata)}`.trimEnd()
  }
  const words: string[] = []
  let at = 0
  for (const field of shape) {
    for (;;) {
      const end = fieldEnd(field, rdata, at)
      words.push(renderField(field, rdata.subarray(at, end)))
      at = end
      if (field !== 'strings' || at === rdata.length) break
    }
  }
  return words.join(' ').trimEnd()
}

function parseGeneric(type: number, tokens: readonly ZoneToken[]): ParsedRdata {
  const length = tokens[0]?.text ?? ''
  const hex = tokens
    .slice(1)
    .map(token => token.text)
    .join('')
  if (!/^\d{1,5}$/.test(length) || !/^(?:[0-9a-f]{2})*$/i.test(hex)) {
    return { error: 'expected \\# LENGTH HEX' }
  }
  const rdata = Uint8Array.from(Buffer.from(hex, 'hex'))
  if (rdata.length !== Number(length)) {
    return { error: `\\# ${length} has ${rdata.length} bytes` }
  }
  return isOfType(type, rdata) ? { rdata } : { error: `no data of type ${renderRrType(type)}` }
}

/** True when the data has the structure of its type, and no name in it is compressed. */
function isOfType(type: number, rdata: Uint8Array): boolean {
  const place = { type, start: 0, end: rdata.length }
  const inFull = readRdata(rdata, new NameReader(rdata), place)
  return inFull?.every((byte, i) => byte === rdata[i]) ?? false
}

function fieldEnd(field: RdataField, rdata: Uint8Array, start: number): number {
  const fixedBytes = fixedFieldBytes[field]
  if (fixedBytes !== undefined) return start + fixedBytes
  if (field === 'string' || field === 'strings' || field === 'tag') return start + 1 + rdata[start]!
  if (field !== 'name' && field !== 'plainName') return rdata.length
  let at = start
  while (rdata[at]! > 0) at += rdata[at]! + 1
  return at + 1
}

function renderField(field: RdataField, bytes: Uint8Array): string {
  switch (field) {
    case 'u8':
      return String(bytes[0])
    case 'u16':
      return String(readUint16(bytes, 0))
    case 'u32':
    case 'period':
      return String(readUint32(bytes, 0))
    case 'time':
      return renderTime(readUint32(bytes, 0))
    case 'type':
      return renderRrType(readUint16(bytes, 0))
    case 'ipv4':
    case 'ipv6':
      return formatIp(bytes)
    case 'name':
    case 'plainName':
      return renderName(bytes)
    case 'tag':
      return String.fromCharCode(...bytes.subarray(1))
    case 'string':
    case 'strings':
      return renderCharacters(bytes.subarray(1))
    case 'text':
      return renderCharacters(bytes)
    case 'base64':
      return Buffer.from(bytes).toString('base64')
    default:
      return hexOf(bytes)
  }
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase()
}
