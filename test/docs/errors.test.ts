/** docs/errors.md has every closed code of the program, and no other. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { Rcode } from '../../src/dns/rcode.ts'
import { codesIn, definedCodes, errorClasses } from '../support/error-codes.ts'

const rcodeFile = 'src/dns/rcode.ts'

/** The rows of the table below a heading, as cells without their back-quotes. */
function rowsBelow(heading: string): string[][] {
  const page = readFileSync('docs/errors.md', 'utf8')
  const section = page.split(/^## /m).find(part => part.startsWith(heading)) ?? ''
  return section
    .split('\n')
    .filter(line => line.startsWith('|') && !line.startsWith('| Code') && !line.startsWith('| Class'))
    .filter(line => !line.startsWith('| ---'))
    .map(line => line.split('|').slice(1, -1))
    .map(cells => cells.map(cell => cell.trim().replaceAll(/^`|`$/g, '')))
}

function sectionsOfFiles(): string[] {
  const page = readFileSync('docs/errors.md', 'utf8')
  return [...page.matchAll(/^## `(src\/.*)`$/gm)].map(([, file]) => file!)
}

t.test('codesIn() finds closed lists of codes', async t => {
  const cases: readonly [source: string, codes: readonly string[]][] = [
    ["export type FooErrorCode = 'a' | 'b-c'", ['a', 'b-c']],
    ["type FooReason =\n  | 'a'\n  /** Why. */\n  | 'b'", ['a', 'b']],
    ["export type FooProblemKind =\n  // because\n  | 'a'", ['a']],
    ["interface Foo { readonly code: 'a' | 'b' }", ['a', 'b']],
    ["interface Foo {\n  readonly reason:\n    | 'a'\n    | 'b'\n}", ['a', 'b']],
    ["// type FooErrorCode = 'a'", []],
    ["readonly code: string; type FooKind = 'a'", []],
  ]
  for (const [source, codes] of cases) t.same(codesIn(source), codes, source)
})

t.test('docs/errors.md has a section for every file that defines codes', async t => {
  t.same(sectionsOfFiles().sort(), [...definedCodes().keys(), rcodeFile].sort())
})

for (const [file, codes] of [...definedCodes(), [rcodeFile, Object.keys(Rcode)] as const]) {
  t.test(`docs/errors.md has the codes of ${file}`, async t => {
    t.same(
      rowsBelow(`\`${file}\``).map(([code]) => code),
      codes,
    )
  })
}

t.test('docs/errors.md has every class of errors', async t => {
  t.same(
    rowsBelow('Errors').map(([name = '']) => name).sort(),
    errorClasses().sort(),
  )
})

t.test('the commands of docs/errors.md end with the codes that stand there', async t => {
  for (const [code, , command = ''] of rowsBelow('Exit codes')) {
    const args = command.replace('signpost ', '').split(' ')
    const { status } = spawnSync(process.execPath, ['src/cli/main.ts', ...args])
    t.equal(String(status), code, command)
  }
})
