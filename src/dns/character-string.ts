import { concatBytes } from '../lib/concat-bytes.ts'

/**
 * The bytes of a text of a zone file, without its quotes: `\"` and `\DDD` are escapes, what is beyond ASCII is UTF-8.
 * `undefined` when an escape is none. RFC 1035 §5.1.
 */
export function parseCharacters(text: string): Uint8Array | undefined {
  const chunks: Uint8Array[] = []
  for (const [, decimal, escaped, plain] of text.matchAll(/\\(\d{1,3})|\\([^\d])|([^\\]+)|\\$/gu)) {
    if (decimal !== undefined) {
      if (decimal.length < 3 || Number(decimal) > 255) return undefined
      chunks.push(Uint8Array.of(Number(decimal)))
    } else if (escaped !== undefined || plain !== undefined) {
      chunks.push(new TextEncoder().encode(escaped ?? plain))
    } else {
      return undefined
    }
  }
  return concatBytes(chunks)
}

/** Bytes in quotes, escaped so that a zone file gives them back and no control byte reaches a terminal. */
export function renderCharacters(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) {
    if (byte === 0x22 || byte === 0x5c) text += `\\${String.fromCharCode(byte)}`
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte)
    else text += `\\${String(byte).padStart(3, '0')}`
  }
  return `"${text}"`
}
