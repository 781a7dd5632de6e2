import t from 'tap'
import { parseFiles } from '../../test/support/corefile-files.ts'

/** What a Corefile amounts to, as its canonical text with a comma for every end of line. */
function shapeOf(
  files: Readonly<Record<string, string>>,
  variables?: Readonly<Record<string, string>>,
): string {
  return parseFiles(files, variables)
    .canonicalText.replaceAll('"', '')
    .trim()
    .replaceAll('\n', ', ')
}

const blocks: readonly [name: string, text: string, shape: string][] = [
  ['nothing', '', ''],
  ['comments only', '# nothing\n', ''],
  ['a block', '. {\n errors\n}', 'dns://.:53 {, errors, }'],
  ['an empty block', '. { }', 'dns://.:53 {, }'],
  ['two blocks', 'a {\n}\nb {\n}', 'dns://a.:53 {, }, dns://b.:53 {, }'],
  ['two blocks on a line', 'a { } b { }', 'dns://a.:53 {, }, dns://b.:53 {, }'],
  ['no braces', '.:53\nerrors\ncache 30\n', 'dns://.:53 {, errors, cache 30, }'],
  ['no braces, last of two', 'a {\n}\nb\nlog', 'dns://a.:53 {, }, dns://b.:53 {, log, }'],
  ['keys only', '.:53', 'dns://.:53 {, }'],
  ['the brace on the next line', '.\n{\nlog\n}', 'dns://.:53 {, log, }'],
  ['all on one line', '. { cache { success 9 } }', 'dns://.:53 {, cache {, success 9, }, }'],
  ['keys by spaces', 'a b:1 {\n}', 'dns://a.:53 dns://b.:1 {, }'],
  ['keys by commas', 'a, b,c {\n}', 'dns://a.:53 dns://b.:53 dns://c.:53 {, }'],
  ['keys on two lines', 'a,\n\n# b\nb {\n}', 'dns://a.:53 dns://b.:53 {, }'],
  ['commas alone', 'a , b {\n}', 'dns://a.:53 dns://b.:53 {, }'],
  ['a network', '10.0.0.0/15 {\n}', 'dns://0.10.in-addr.arpa.:53 dns://1.10.in-addr.arpa.:53 {, }'],
  ['no zone but a port', ':53 {\n}', 'dns://.:53 {, }'],
  ['nested blocks', '. {\na b {\nc {\nd\n}\n}\ne\n}', 'dns://.:53 {, a b {, c {, d, }, }, e, }'],
  ['an empty directive block', '. {\na {\n}\n}', 'dns://.:53 {, a {, }, }'],
  ['a repeated directive', '. {\na 1\na 2\n}', 'dns://.:53 {, a 1, a 2, }'],
  ['names of Object', '. {\n__proto__ constructor\n}', 'dns://.:53 {, __proto__ constructor, }'],
  ['a snippet', '(x) {\na\nb {\nc\n}\n}\n. {\nimport x\n}', 'dns://.:53 {, a, b {, c, }, }'],
  ['a snippet twice', '(x) {\na\n}\n. {\nimport x\nimport x\n}', 'dns://.:53 {, a, a, }'],
  [
    'a snippet in a snippet',
    '(x) {\na\n}\n(y) {\nimport x\n}\n. {\nimport y\n}',
    'dns://.:53 {, a, }',
  ],
  ['a snippet of blocks', '(x) {\na {\nlog\n}\n}\nimport x', 'dns://a.:53 {, log, }'],
  [
    'a snippet in a directive',
    '(x) {\na\n}\n. {\nb {\nimport x\n}\n}',
    'dns://.:53 {, b {, a, }, }',
  ],
  ['an empty snippet', '(x) { }\n. {\nimport x\n}', 'dns://.:53 {, }'],
  ['an unused snippet', '(x) {\n{$NONE}\n}', ''],
  ['import in quotes is a word', '. {\n"import" x\n}', 'dns://.:53 {, import x, }'],
  ['import behind a name is a word', '. {\na import x\n}', 'dns://.:53 {, a import x, }'],
]

t.test('parseCorefile() reads blocks, snippets and lines', async t => {
  for (const [name, text, shape] of blocks) {
    t.equal(shapeOf({ Corefile: text }), shape, name)
  }
})

const imports: readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  shape: string,
  files: readonly string[],
  globs: readonly string[],
][] = [
  [
    'a file within a block',
    { Corefile: '. {\nimport a.conf\nlog\n}', 'a.conf': 'errors\ncache {\nsuccess 1\n}' },
    'dns://.:53 {, errors, cache {, success 1, }, log, }',
    ['a.conf'],
    [],
  ],
  [
    'a file of blocks',
    { Corefile: 'import a.conf\nb {\n}', 'a.conf': 'a\nlog' },
    'dns://a.:53 {, log, }, dns://b.:53 {, }',
    ['a.conf'],
    [],
  ],
  [
    'the globs of k3s, in order',
    {
      Corefile: '. {\nimport /etc/custom/*.override\n}\nimport /etc/custom/*.server',
      '/etc/custom/b.override': 'b',
      '/etc/custom/a.override': '\ufeffa\r\n',
      '/etc/custom/c.server': 'c {\n}',
    },
    'dns://.:53 {, a, b, }, dns://c.:53 {, }',
    ['/etc/custom/a.override', '/etc/custom/b.override', '/etc/custom/c.server'],
    ['/etc/custom/*.override', '/etc/custom/*.server'],
  ],
  [
    'paths from the importing file',
    {
      Corefile: 'import ./x/a.conf',
      'x/a.conf': 'import ../y/b.conf\nimport /z/../c.conf',
      'y/b.conf': 'b { }',
      '/c.conf': 'import d.conf',
      '/d.conf': '',
    },
    'dns://b.:53 {, }',
    ['x/a.conf', 'y/b.conf', '/c.conf', '/d.conf'],
    [],
  ],
  [
    'a file twice',
    { Corefile: '. {\nimport a\nimport ./a\n}', a: 'log' },
    'dns://.:53 {, log, log, }',
    ['a'],
    [],
  ],
  [
    'a snippet before a file of that name',
    { Corefile: '(a) {\nx\n}\n. {\nimport a\n}', a: 'log' },
    'dns://.:53 {, x, }',
    [],
    [],
  ],
  [
    'a snippet of an imported file, whose imports start there',
    { Corefile: 'import x/a\n. {\nimport s\n}', 'x/a': '(s) {\nimport b\n}', 'x/b': 'log' },
    'dns://.:53 {, log, }',
    ['x/a', 'x/b'],
    [],
  ],
]

t.test('parseCorefile() imports', async t => {
  for (const [name, files, shape, paths, globs] of imports) {
    t.equal(shapeOf(files), shape, name)
    const corefile = parseFiles(files)
    t.same(corefile.files, ['Corefile', ...paths], `${name}: files`)
    t.same(corefile.globs, globs, `${name}: globs`)
    t.same(corefile.warnings, [], `${name}: warnings`)
  }
})

t.test('parseCorefile() replaces environment variables', async t => {
  const variables = { ZONE: 'Example.org', ZONES: 'a,b', LIST: '"x y" z', FILE: 'a.conf', X: '' }
  for (const [text, shape] of [
    ['{$ZONE}:1053 {\n}', 'dns://example.org.:1053 {, }'],
    ['{$ZONES} {\n}', 'dns://a.:53 dns://b.:53 {, }'],
    ['{$X} {%ZONE%} {\n}', 'dns://example.org.:53 {, }'],
    ['. {\n{$ZONE} "{$ZONE}" a{$X}b\n}', 'dns://.:53 {, Example.org Example.org ab, }'],
    ['. {\na {$LIST} b\n}', 'dns://.:53 {, a \\x y\\ z b, }'],
    ['. {\nimport {$FILE}\n}', 'dns://.:53 {, log, }'],
  ] as const) {
    t.equal(shapeOf({ Corefile: text, 'a.conf': 'log' }, variables), shape, text)
  }
})

t.test(
  'parseCorefile() warns of variables that are not set and of empty globs, once each',
  async t => {
    const files = { Corefile: '(x) {\na {$NONE}\n}\n. {\nimport x\nimport x\nimport *.conf\n}' }
    t.same(parseFiles(files).warnings, [
      'Corefile:2: environment variable "NONE" is not set',
      'Corefile:7: no files matching import glob pattern: *.conf',
    ])
  },
)

t.test('parseCorefile() keeps words, keys and places as they are written', async t => {
  const corefile = parseFiles({
    Corefile: 'TLS.example:1, tls://B {\n\n a "x\ny" z {\n b {\n }\n }\n import c\n}',
    c: '# c\nd "{" "}" {e} {{',
  })
  t.same(corefile.blocks, [
    {
      file: 'Corefile',
      line: 1,
      keys: [
        { scheme: 'dns', zone: 'tls.example.', port: 1, text: 'TLS.example:1' },
        { scheme: 'tls', zone: 'b.', port: 853, text: 'tls://B' },
      ],
      directives: [
        {
          name: 'a',
          words: [
            { text: 'x\ny', file: 'Corefile', line: 3 },
            { text: 'z', file: 'Corefile', line: 4 },
          ],
          lines: [{ name: 'b', words: [], lines: [], file: 'Corefile', line: 5 }],
          file: 'Corefile',
          line: 3,
        },
        {
          name: 'd',
          words: ['{', '}', '{e}', '{{'].map(text => ({ text, file: 'c', line: 2 })),
          lines: undefined,
          file: 'c',
          line: 2,
        },
      ],
    },
  ])
  t.same(structuredClone(corefile), corefile)
})

t.test('canonicalText is the same for the same content and for no other', async t => {
  const text = 'a.org {\n cache 30\n hosts {\n  x y\n }\n}\n'
  const { canonicalText } = parseFiles({ Corefile: text })
  for (const same of [
    text.replaceAll('\n', '\r\n'),
    `# comment\n${text}`,
    'A.org:53 {\ncache   "30"\nimport h\n}',
    '(c) {\ncache 30\n}\na.org {\nimport c\nimport h\n}',
  ]) {
    const files = { Corefile: same, h: 'hosts {\n x y\n}' }
    t.equal(parseFiles(files).canonicalText, canonicalText, same)
  }
  for (const other of [
    text.replace('30', '31'),
    text.replace('x y', '"x y"'),
    text.replace('x y', 'x\ny'),
    text.replace('a.org', 'a.org:54'),
    text.replace('a.org', 'tls://a.org:53'),
    text.replace('cache 30', 'cache 30 {\n}'),
    text.replace('cache 30', 'cache "30\n"'),
  ]) {
    t.not(parseFiles({ Corefile: other }).canonicalText, canonicalText, other)
  }
})
