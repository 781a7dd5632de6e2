/** The largest TTL, RFC 2181 §8. */
const maxPeriodSeconds = 0x7fffffff

const unitSeconds: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
}

/** Reads a TTL of a zone file, `3600` or `1h30m`, as seconds; `undefined` when it is none. */
export function parsePeriodSeconds(text: string): number | undefined {
  if (!/^(?:\d{1,10}|(?:\d{1,10}[smhdw])+)$/i.test(text)) return undefined
  let seconds = 0
  for (const [, count, unit = 's'] of text.matchAll(/(\d+)([smhdw])?/gi)) {
    seconds += Number(count) * unitSeconds[unit.toLowerCase()]!
  }
  return seconds <= maxPeriodSeconds ? seconds : undefined
}
