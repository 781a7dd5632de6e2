import t from 'tap'
import { parseJson, parseYaml } from './manifest-document.ts'

const values: readonly (readonly [string, unknown])[] = [
  ['a: yes', { a: true }],
  ['a: Off', { a: false }],
  ['a: "yes"', { a: 'yes' }],
  ['a: 12:30:45', { a: '12:30:45' }],
  ['a: 190:20:30.15', { a: '190:20:30.15' }],
  ['a: 2001-12-14', { a: '2001-12-14' }],
  ['a: 0x1F', { a: 31 }],
  ['a: 010', { a: 8 }],
  ['a: ~', { a: null }],
  ['a: 1.5', { a: 1.5 }],
  ['x: &x {a: 1}\nz: {<<: *x, b: 2}', { x: { a: 1 }, z: { a: 1, b: 2 } }],
  ['a: &a [1]\nb: *a', { a: [1], b: [1] }],
  ['{"a": "\\u0041"}', { a: 'A' }],
  ['{a: 1, "b": 2,}', { a: 1, b: 2 }],
  ['\r\na: |\r\n  x\r\n', { a: 'x\n' }],
]

const faults: readonly (readonly [string, number | undefined, RegExp])[] = [
  ['a: 1\nb: [1\nc: 2', 3, /deficient indentation/],
  ['a: 1\na: 2', 2, /duplicated mapping key/],
  ['a: 1\n\tb: 2', 2, /tab characters/],
  ['a: *x', 1, /unidentified alias/],
  ['a: 1\n...\nb: 2', 3, /content after the end/],
  ['['.repeat(50_000), 1, /nesting exceeded/],
]

t.test('parseYaml() reads what kubectl reads', async t => {
  for (const [text, value] of values)
    t.strictSame(parseYaml(text), { value, fault: undefined }, text)
})

t.test('parseYaml() says what is wrong, and on which line', async t => {
  for (const [text, line, message] of faults) {
    const { fault } = parseYaml(text)
    t.match(fault?.message, message, text.slice(0, 40))
    t.equal(fault?.line, line)
  }
})

t.test('parseYaml() refuses aliases that multiply', async t => {
  const levels = ['a0: &a0 [x, x]']
  for (let level = 1; level < 20; level++)
    levels.push(
      `a${level}: &a${level} [${Array(10)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
    )
  t.match(parseYaml(levels.join('\n')).fault?.message, /aliases come to more than/)
})

t.test('parseYaml() refuses an alias inside what it stands for', async t => {
  t.match(parseYaml('a: &a [*a]').fault?.message, /aliases come to more than/)
})

t.test('parseYaml() lets no key reach a prototype', async t => {
  for (const parse of [parseYaml, parseJson])
    t.strictSame(Object.keys(parse('{"__proto__": {"polluted": 1}}').value as object), [
      '__proto__',
    ])
  t.notOk('polluted' in {})
})

t.test('parseJson() says on which line a fault is', async t => {
  const cases = [
    ['{"a": 1,\n"b": }', 2],
    ['{"a":\n1', 2],
    ['', 1],
  ] as const
  for (const [text, line] of cases) t.equal(parseJson(text).fault?.line, line, text)
})
