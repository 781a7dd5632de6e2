/** The names people and logs use, IANA DNS parameters; others are written `CLASS7`. */
export const rrClassNames: Readonly<Record<number, string>> = {
  1: 'IN',
  2: 'CS',
  3: 'CH',
  4: 'HS',
  254: 'NONE',
  255: 'ANY',
}

export function renderRrClass(rrClass: number): string {
  return rrClassNames[rrClass] ?? `CLASS${rrClass}`
}
