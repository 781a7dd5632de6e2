import type { EdnsOption } from './edns.ts'
import { readUint16 } from './header.ts'

/** Copies the options between two offsets of a message, which are known to be whole. RFC 6891 §6.1.2. */
export function readOptions(bytes: Uint8Array, start: number, end: number): EdnsOption[] {
  const options: EdnsOption[] = []
  for (let at = start; at < end;) {
    const dataEnd = at + 4 + readUint16(bytes, at + 2)
    const data = Uint8Array.from(bytes.subarray(at + 4, dataEnd))
    options.push({ code: readUint16(bytes, at), data })
    at = dataEnd
  }
  return options
}
