/**
 * A name as it stands in a message, uncompressed: length byte, label, …, 0. At most 255 bytes,
 * labels of at most 63. RFC 1035 §3.1. Our own names are lower case unless stated otherwise.
 */
export type WireName = Uint8Array

export const maxNameBytes = 255
export const maxLabelBytes = 63

/** The root name. */
const rootName: WireName = new Uint8Array(1)

/**
 * Makes a name of labels as they are: bytes below 256, no dots interpreted. Upper-case ASCII is kept.
 * `undefined` when a label is empty, longer than 63 bytes or beyond bytes, or the name longer than 255.
 */
export function nameFromLabels(
  labels: readonly string[],
  suffix: WireName = rootName,
): WireName | undefined {
  let length = suffix.length
  for (const label of labels) {
    if (label.length === 0 || label.length > maxLabelBytes) return undefined
    length += label.length + 1
  }
  if (length > maxNameBytes) return undefined
  const name = new Uint8Array(length)
  let at = 0
  for (const label of labels) {
    name[at++] = label.length
    for (let i = 0; i < label.length; i++) {
      const code = label.charCodeAt(i)
      if (code > 0xff) return undefined
      name[at++] = code
    }
  }
  name.set(suffix, at)
  return name
}

/**
 * Reads a name as people write it: `web.default.svc.cluster.local`, with or without the final dot, with
 * `\.` and `\DDD` escapes (RFC 4343 §2.1). `undefined` when it is not a legal name.
 */
export function parseName(text: string): WireName | undefined {
  if (text === '.' || text === '') return rootName
  const labels: string[] = []
  let label: string | undefined
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    if (char === '.') {
      labels.push(label ?? '')
      label = undefined
      continue
    }
    label ??= ''
    if (char === '\\') {
      const escape = /^\\(\d{3}|[^\d])/.exec(text.slice(i, i + 4))?.[1]
      if (escape === undefined || Number(escape) > 255) return undefined
      label += escape.length === 3 ? String.fromCharCode(Number(escape)) : escape
      i += escape.length
    } else {
      label += char
    }
  }
  if (label !== undefined) labels.push(label)
  return nameFromLabels(labels)
}

/**
 * The name as text with a final dot, as it can stand in a zone file; dots and backslashes inside a label and bytes
 * outside printable ASCII are escaped, so that no two names look alike and no control byte reaches a terminal.
 */
export function renderName(bytes: Uint8Array, offset = 0): string {
  let text = ''
  let at = offset
  for (let length = bytes[at++]; length; length = bytes[at++]) {
    for (const end = at + length; at < end; at++) text += byteTexts[bytes[at]!]
    text += '.'
  }
  return text || '.'
}

/** What each byte of a label is as text. Escaped is what means something else in a name or in a zone file. */
const byteTexts: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte)
  if ('"$().;@\\'.includes(char)) return `\\${char}`
  return byte > 0x20 && byte < 0x7f ? char : `\\${String(byte).padStart(3, '0')}`
})

/** The byte with `A`–`Z` folded to lower case. Length bytes are below every letter. RFC 4343 §3. */
export function lowerCaseByte(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte
}

/** A copy with `A`–`Z` folded to lower case; other bytes, length bytes included, are untouched (RFC 4343 §3). */
export function lowerCaseName(name: WireName): WireName {
  return name.map(lowerCaseByte)
}

/**
 * True when `name` is `zone` or below it. Both in the same letter case. `nameBytes` is for names in a scratch buffer that is longer
 * than they are. Allocates nothing.
 */
export function isInZone(name: WireName, zone: WireName, nameBytes = name.length): boolean {
  let at = 0
  while (nameBytes - at > zone.length) at += name[at]! + 1
  if (nameBytes - at !== zone.length) return false
  for (let i = 0; i < zone.length; i++) if (name[at + i] !== zone[i]) return false
  return true
}

/** The labels from left to right, as latin1 text. */
export function labelsOf(name: WireName): string[] {
  const labels: string[] = []
  for (let at = 0; name[at]; at += name[at]! + 1) {
    labels.push(String.fromCharCode(...name.subarray(at + 1, at + 1 + name[at]!)))
  }
  return labels
}

/** True when both are the same name, whatever their letter case. */
export function isSameName(a: WireName, b: WireName): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (lowerCaseByte(a[i]!) !== lowerCaseByte(b[i]!)) return false
  return true
}
