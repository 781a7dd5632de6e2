import type { NameReader } from './name-reader.ts'
import { fixedFieldBytes, rdataShape, type RdataField } from './rdata-shape.ts'
import { maxNameBytes } from './wire-name.ts'

/** Where the data of a record stands in a message. */
export interface RdataPlace {
  readonly type: number
  readonly start: number
  readonly end: number
}

/**
 * The data of a record of class IN as bytes of its own, the names in it in full; `undefined` when it is not what its type
 * asks for. Data of a type without a shape is copied as it is (RFC 3597 §4).
 */
export function readRdata(
  bytes: Uint8Array,
  names: NameReader,
  { type, start, end }: RdataPlace,
): Uint8Array | undefined {
  const shape = rdataShape(type)
  const nameCount = shape.filter(field => field === 'name').length
  if (nameCount === 0) {
    return isWhole(bytes, names, { shape, start, end }) ? bytes.slice(start, end) : undefined
  }
  const rdata = new Uint8Array(end - start + nameCount * maxNameBytes)
  let at = start
  let written = 0
  for (const field of shape) {
    if (field === 'name') {
      const name = names.read(at, end, 'allowed')
      if (!name) return undefined
      rdata.set(name, written)
      written += name.length
      at = names.end
    } else {
      const next = fieldEnd(bytes, field, { start: at, end })
      if (next < 0) return undefined
      rdata.set(bytes.subarray(at, next), written)
      written += next - at
      at = next
    }
  }
  return at === end ? rdata.slice(0, written) : undefined
}

function isWhole(
  bytes: Uint8Array,
  names: NameReader,
  { shape, start, end }: { shape: readonly RdataField[]; start: number; end: number },
): boolean {
  let at = start
  for (const field of shape) {
    if (field === 'plainName') {
      if (!names.read(at, end, 'forbidden')) return false
      at = names.end
    } else {
      at = fieldEnd(bytes, field, { start: at, end })
      if (at < 0) return false
    }
  }
  return at === end
}

/** The offset behind a field without a name in it; −1 when it does not end before `end`. */
function fieldEnd(
  bytes: Uint8Array,
  field: RdataField,
  { start, end }: { start: number; end: number },
): number {
  const fixedBytes = fixedFieldBytes[field]
  if (fixedBytes !== undefined) return start + fixedBytes <= end ? start + fixedBytes : -1
  if (field === 'string' || field === 'tag') {
    const next = start < end ? start + 1 + bytes[start]! : end + 1
    if (next > end || (field === 'tag' && !isTag(bytes.subarray(start + 1, next)))) return -1
    return next
  }
  if (field !== 'strings') return end
  if (start === end) return -1
  let at = start
  while (at < end) at += 1 + bytes[at]!
  return at === end ? end : -1
}

/** A property of CAA, RFC 8659 §4.1: letters and digits, at least one. */
function isTag(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.every(byte => /[a-z0-9]/i.test(String.fromCharCode(byte)))
}
