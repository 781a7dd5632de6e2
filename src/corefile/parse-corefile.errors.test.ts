import t from 'tap'
import { parseFiles } from '../../test/support/corefile-files.ts'
import { CorefileError } from './corefile-error.ts'

/** A Corefile, or that and other files, and the message. */
const wrong: readonly [files: string | Readonly<Record<string, string>>, message: string][] = [
  [
    '. {\n errors\n cache {\n  success 1\n }\n',
    'Corefile:5: expected "}" before the end of the file: the block of line 1 is open',
  ],
  [
    '. {\n cache {\n  success 1\n}\n',
    'Corefile:4: expected "}" before the end of the file: the block of line 1 is open',
  ],
  [
    '. {\n cache {\n  success 1\n\n',
    'Corefile:3: expected "}" before the end of the file: the block of line 2 is open',
  ],
  ['. {', 'Corefile:1: expected "}" before the end of the file: the block of line 1 is open'],
  ['. {\n}\n}\n', 'Corefile:3: unexpected "}": no block is open'],
  ['.\nerrors\n}', 'Corefile:3: unexpected "}": no block is open'],
  ['}', 'Corefile:1: unexpected "}": no block is open'],
  ['{\n}', 'Corefile:1: unexpected "{": expected a zone'],
  [
    '. {\n cache\n {\n }\n}',
    'Corefile:3: unexpected "{": it belongs at the end of the line it opens',
  ],
  ['. {\n cache { } 30\n}', 'Corefile:2: expected a new line after "}", not "30"'],
  ['. {\n cache {\n } {\n }\n}', 'Corefile:3: expected a new line after "}", not "{"'],
  ['.:53{\n errors\n}', 'Corefile:1: ".:53{": a space is missing before "{"'],
  ['. {\n health{\n }\n}', 'Corefile:2: "health{": a space is missing before "{"'],
  ['a, {\n}', 'Corefile:1: expected another zone after the comma'],
  ['a,', 'Corefile:1: expected another zone after the comma'],
  ['a b..c {\n}', 'Corefile:1: "b..c": expected a zone or a CIDR, not "b..c"'],
  ['a,\nb:x {\n}', 'Corefile:2: "b:x": expected a port from 0 to 65535, not "x"'],
  [
    'ftp://a {\n}',
    'Corefile:1: "ftp://a": unknown scheme ftp: known are dns, tls, https, https3, quic, grpc',
  ],
  ['{$NONE} {\n}', 'Corefile:1: expected a zone, not an empty word'],
  ['. {\n log "a\n}', 'Corefile:2: the quotes are not closed'],
  ['(a)', 'Corefile:1: expected "{" after (a)'],
  ['(a)\nlog', 'Corefile:1: expected "{" after (a)'],
  [
    '(a) {\n log {\n}',
    'Corefile:3: expected "}" before the end of the file: the block of line 1 is open',
  ],
  ['(a) {\n}\n(a) {\n}', 'Corefile:3: (a) is already defined at Corefile:1'],
  ['. {\n import\n}', 'Corefile:2: import: expected a file, a glob or a snippet'],
  ['. {\n import {\n }\n}', 'Corefile:2: import: expected a file, a glob or a snippet'],
  ['. {\n import ""\n}', 'Corefile:2: import: expected a file, a glob or a snippet'],
  ['. {\n import a b\n}', 'Corefile:2: import: too many arguments: "b"'],
  ['. {\n import a {\n }\n}', 'Corefile:2: import: too many arguments: "{"'],
  [
    'import x/a.conf',
    'Corefile:1: cannot import "x/a.conf": no file that can be read, and no snippet of that name above',
  ],
  [
    '. {\n import a\n}\n(a) {\n}',
    'Corefile:2: cannot import "a": no file that can be read, and no snippet of that name above',
  ],
  ['(a) {\n import a\n}\n. {\n import a\n}', 'Corefile:2: import cycle: (a) → (a)'],
  ['import Corefile', 'Corefile:1: import cycle: Corefile → Corefile'],
  [
    { Corefile: 'import x/a', 'x/a': '\nimport ../x/b', 'x/b': 'import ./a' },
    'x/b:1: import cycle: x/a → x/b → x/a',
  ],
  [{ Corefile: '. {\nimport a\n}', a: 'log\n}' }, 'a:2: unexpected "}": no block is open'],
  [
    { Corefile: '. {\nimport a\n}', a: 'b {\n log' },
    'a:2: expected "}" before the end of the file: the block of line 1 is open',
  ],
  [
    { Corefile: 'import /etc/*.server', '/etc/a.server': '\na:b:c { }' },
    '/etc/a.server:2: "a:b:c": expected a port from 0 to 65535, not "c"',
  ],
  [`. {\n${'a {\n'.repeat(60)}`, 'Corefile:51: blocks are nested deeper than 50'],
]

t.test('parseCorefile() says what is wrong and where', async t => {
  for (const [files, message] of wrong) {
    const all = typeof files === 'string' ? { Corefile: files } : files
    const place = /^(.*?):(\d+): /.exec(message)!
    t.throws(
      () => parseFiles(all),
      { name: 'CorefileError', message, file: place[1]!, line: Number(place[2]) },
      JSON.stringify(all),
    )
  }
})

t.test('CorefileError is a SyntaxError', async t => {
  t.type(new CorefileError({ file: 'Corefile', line: 1 }, 'x'), SyntaxError)
})

/** `count` snippets, each of which is `body` of the one before it. */
function chain(count: number, body: (previous: string) => string): string {
  const snippets = Array.from({ length: count }, (_, i) => `(s${i + 1}) {\n${body(`s${i}`)}\n}\n`)
  return `(s0) {\nlog\n}\n${snippets.join('')}`
}

t.test('parseCorefile() stops imports that multiply or go too deep', async t => {
  for (const [text, problem] of [
    [
      `${chain(60, name => `import ${name}`)}. {\nimport s60\n}`,
      /: imports are nested deeper than 50$/,
    ],
    [
      `${chain(30, name => `import ${name}\nimport ${name}`)}. {\nimport s30\n}`,
      /: more than 10000 imports$/,
    ],
    [
      `(a) {\n${'log\n'.repeat(1000)}}\n. {\n${'import a\n'.repeat(1100)}}`,
      /: more than 1000000 words, imports included$/,
    ],
  ] as const) {
    t.throws(() => parseFiles({ Corefile: text }), { name: 'CorefileError', message: problem })
  }
})
