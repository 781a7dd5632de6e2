const quote = 0x22
const backslash = 0x5c
const openArray = 0x5b
const closeArray = 0x5d
const openObject = 0x7b
const closeObject = 0x7d

/** Whether a text in JSON, UTF-8, has more arrays and objects inside each other than `limit`. Of what is no JSON it says something. */
export function isDeeperThan(json: Uint8Array, limit: number): boolean {
  let depth = 0
  for (let i = 0; i < json.length; i++) {
    const byte = json[i]!
    if (byte === quote) {
      i = endOfString(json, i)
    } else if (byte === openArray || byte === openObject) {
      if (++depth > limit) return true
    } else if (byte === closeArray || byte === closeObject) {
      depth--
    }
  }
  return false
}

/** Offset of the quote that ends the string which begins at `start`. */
function endOfString(json: Uint8Array, start: number): number {
  let i = start + 1
  while (i < json.length && json[i] !== quote) i += json[i] === backslash ? 2 : 1
  return i
}
