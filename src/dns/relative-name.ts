import { labelsOf, nameFromLabels, parseName, type WireName } from './wire-name.ts'

/**
 * Reads a name of a zone file: `@` is the origin, `web` is below it, `web.` is whole. `undefined` when it is not a legal
 * name. RFC 1035 §5.1.
 */
export function parseRelativeName(text: string, origin: WireName): WireName | undefined {
  if (text === '@') return origin
  const name = text === '' ? undefined : parseName(text)
  if (!name || isWhole(text)) return name
  return nameFromLabels(labelsOf(name), origin)
}

/** True when the final dot is there and is none of a label: `a\.` has one, `a\\.` ends with one. */
function isWhole(text: string): boolean {
  return /(?:^|[^\\])(?:\\\\)*\.$/.test(text)
}
