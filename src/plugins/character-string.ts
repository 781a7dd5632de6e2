const maxBytes = 255

/** A length byte and the text in UTF-8, cut where the byte cannot say more. RFC 1035 §3.3. */
export function characterString(text: string): Uint8Array {
  const bytes = Buffer.from(text).subarray(0, maxBytes)
  return Uint8Array.from([bytes.length, ...bytes])
}
