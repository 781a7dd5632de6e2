import { readUint16, readUint32 } from './header.ts'
import type { ResourceRecord } from './resource-record.ts'
import { RrType } from './rr-type.ts'

/** Two names of at least a byte or a pointer, and five numbers. */
const minSoaBytes = 22

/**
 * The serial of the SOA record at `offset` of a message from the network; `undefined` when there is no whole one. Names need not
 * be read for it: the serial is 20 bytes before the end. RFC 1035 §3.3.13.
 */
export function readSoaSerial(bytes: Uint8Array, offset: number): number | undefined {
  let at = offset
  while (at < bytes.length && bytes[at]! > 0 && bytes[at]! < 0x40) at += bytes[at]! + 1
  at += bytes[at] === 0 ? 1 : 2
  if (at + 10 > bytes.length || readUint16(bytes, at) !== RrType.soa) return undefined
  const dataBytes = readUint16(bytes, at + 8)
  const end = at + 10 + dataBytes
  return dataBytes < minSoaBytes || end > bytes.length ? undefined : readUint32(bytes, end - 20)
}

/** The serial of a SOA record that is known to be whole. */
export function serialOfSoa({ rdata }: Pick<ResourceRecord, 'rdata'>): number {
  return readUint32(rdata, rdata.length - 20)
}

/** True when serial `a` is `b` or comes after it. RFC 1982 §3.2. */
export function isSerialCurrent(a: number, b: number): boolean {
  return ((a - b) | 0) >= 0
}
