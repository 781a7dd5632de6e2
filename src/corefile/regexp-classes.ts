/** Inclusive ranges of UTF-16 code units, sorted and apart from one another. */
export type CharRanges = readonly (readonly [low: number, high: number])[]

const MAX_CODE = 0xffff
const MAX_ASCII = 0x7f

const digits: CharRanges = [[0x30, 0x39]]
const upper: CharRanges = [[0x41, 0x5a]]
const lower: CharRanges = [[0x61, 0x7a]]
const alpha = unionOf([...upper, ...lower])
const alnum = unionOf([...digits, ...alpha])
const word = unionOf([...alnum, [0x5f, 0x5f]])
const graph: CharRanges = [[0x21, 0x7e]]

/** Names within `[:alpha:]`. All are ASCII in RE2. */
export const posixClasses: ReadonlyMap<string, CharRanges> = new Map([
  ['alnum', alnum],
  ['alpha', alpha],
  ['ascii', [[0, 0x7f]]],
  [
    'blank',
    unionOf([
      [0x09, 0x09],
      [0x20, 0x20],
    ]),
  ],
  [
    'cntrl',
    unionOf([
      [0, 0x1f],
      [0x7f, 0x7f],
    ]),
  ],
  ['digit', digits],
  ['graph', graph],
  ['lower', lower],
  ['print', [[0x20, 0x7e]]],
  ['punct', intersectionOf(graph, complementOf(alnum))],
  [
    'space',
    unionOf([
      [0x09, 0x0d],
      [0x20, 0x20],
    ]),
  ],
  ['upper', upper],
  ['word', word],
  ['xdigit', unionOf([...digits, [0x41, 0x46], [0x61, 0x66]])],
])

/** `\d` and the like. All are ASCII in RE2, and `\s` has no vertical tab. */
export const perlClasses: ReadonlyMap<string, CharRanges> = new Map([
  ['d', digits],
  ['D', complementOf(digits)],
  [
    's',
    unionOf([
      [0x09, 0x0a],
      [0x0c, 0x0d],
      [0x20, 0x20],
    ]),
  ],
  [
    'S',
    complementOf(
      unionOf([
        [0x09, 0x0a],
        [0x0c, 0x0d],
        [0x20, 0x20],
      ]),
    ),
  ],
  ['w', word],
  ['W', complementOf(word)],
])

/** The ASCII characters of `\p{Lu}` or `\p{Greek}`; `undefined` when there is no such category or script. */
export function unicodeClass(name: string): CharRanges | undefined {
  if (!/^\w+$/.test(name)) return undefined
  const property = /^[A-Z][a-z]?$|^Any$/.test(name) ? name : `Script=${name}`
  let matcher: RegExp
  try {
    matcher = new RegExp(String.raw`\p{${property}}`, 'u')
  } catch {
    // Not a property.
    return undefined
  }
  const ranges: [number, number][] = []
  for (let code = 0; code <= MAX_ASCII; code++) {
    if (!matcher.test(String.fromCharCode(code))) continue
    const last = ranges.at(-1)
    if (last?.[1] === code - 1) last[1] = code
    else ranges.push([code, code])
  }
  return ranges
}

export function unionOf(ranges: CharRanges): CharRanges {
  const union: [number, number][] = []
  for (const [low, high] of [...ranges].sort((one, other) => one[0] - other[0])) {
    const last = union.at(-1)
    if (last && low <= last[1] + 1) last[1] = Math.max(last[1], high)
    else union.push([low, high])
  }
  return union
}

export function complementOf(ranges: CharRanges): CharRanges {
  const complement: [number, number][] = []
  let from = 0
  for (const [low, high] of ranges) {
    if (low > from) complement.push([from, low - 1])
    from = high + 1
  }
  if (from <= MAX_CODE) complement.push([from, MAX_CODE])
  return complement
}

/** The ranges with the other case of every letter, as the flag `i` has it. ASCII, as domain names are. */
export function foldCase(ranges: CharRanges): CharRanges {
  const shift = (letters: CharRanges, by: number): CharRanges =>
    intersectionOf(ranges, letters).map(([low, high]) => [low + by, high + by])
  return unionOf([...ranges, ...shift(upper, 32), ...shift(lower, -32)])
}

/** As JavaScript writes a character class, or the character where there is only one. */
export function renderClass(ranges: CharRanges): string {
  const [first] = ranges
  if (ranges.length === 1 && first![0] === first![1]) return renderCode(first![0])
  const parts = ranges.map(([low, high]) =>
    low === high ? renderCode(low) : `${renderCode(low)}-${renderCode(high)}`,
  )
  return `[${parts.join('')}]`
}

function intersectionOf(one: CharRanges, other: CharRanges): CharRanges {
  return unionOf(
    one.flatMap(([low, high]) =>
      other
        .map(range => [Math.max(low, range[0]), Math.min(high, range[1])] as const)
        .filter(([from, to]) => from <= to),
    ),
  )
}

function renderCode(code: number): string {
  const char = String.fromCharCode(code)
  return /[\w]/.test(char) ? char : `\\u${code.toString(16).padStart(4, '0')}`
}
