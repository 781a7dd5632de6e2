import t from 'tap'
import fc from 'fast-check'
import { Breather } from './breather.ts'
import { readManifestFile } from './manifest-file.ts'
import { renderProblem } from './manifest-problem.ts'
import { type FileChange, type ManifestBatch, ManifestSet } from './manifest-set.ts'
import { StringPool } from './string-pool.ts'

async function read(path: string, text: string): Promise<FileChange> {
  const context = { breather: new Breather(), pool: new StringPool() }
  return { type: 'read', file: await readManifestFile(path, Buffer.from(text), context) }
}

/** `web:80 db:81` are Services with a port; `-web` is refused, `!` broken, `ns/web:80` elsewhere. */
async function write(path: string, content: string): Promise<FileChange> {
  const documents = content
    .split(' ')
    .filter(word => word !== '')
    .map(documentOf)
  return read(path, documents.join('\n---\n'))
}

function documentOf(word: string): string {
  if (word === '!') return 'a: ['
  if (word.startsWith('namespace='))
    return `{apiVersion: v1, kind: Namespace, metadata: {name: ${word.slice(10)}, labels: {own: x}}}`
  if (word.startsWith('endpoints=')) {
    const addresses = word
      .slice(10)
      .split(',')
      .map(ip => `{ip: "${ip}"}`)
    return `{apiVersion: v1, kind: Endpoints, metadata: {name: web}, subsets: [{addresses: [${addresses.join(', ')}]}]}`
  }
  const refused = word.startsWith('-')
  const [, namespace = 'default', name, port = '80'] = /^-?(?:(.+)\/)?([^:]+)(?::(\d+))?$/.exec(
    word,
  )!
  return `{apiVersion: v1, kind: Service, metadata: {name: ${name}, namespace: ${namespace}}, spec: {ports: [{port: ${refused ? 0 : port}}]}}`
}

async function gone(path: string): Promise<FileChange> {
  return { type: 'gone', path }
}

async function unreadable(path: string): Promise<FileChange> {
  return { type: 'unreadable', path, reason: 'cannot be read: permission denied' }
}

/** A batch as words: `+web:80`, `-web`, `!problem`, `?solved`, namespaces by `+ns(shop)`. */
function words({ upserts, deletes, problems, solved }: ManifestBatch): string[] {
  return [
    ...deletes.map(({ kind, name }) => (kind === 'Namespace' ? `-ns(${name})` : `-${name}`)),
    ...upserts.map(({ object }) => {
      if (object.kind === 'Namespace') return `+ns(${object.name}${object.labels['own'] ?? ''})`
      return object.kind === 'Service'
        ? `+${object.name}:${object.ports[0]!.port}`
        : `+${object.name}`
    }),
    ...problems.map(problem => `!${renderProblem(problem)}`),
    ...solved.map(problem => `?${problem.place.file}`),
  ]
}

type Step = readonly [readonly Promise<FileChange>[], readonly (string | RegExp)[]]

const duplicate =
  '!b.yaml:1 (document 1): Service "default/web": does not count: already defined in a.yaml:1 (document 1)'
const broken = /^!a\.yaml:\d+ \(document \d\): does not parse/
const refused = /^!a\.yaml.* Service "default\/web": spec\.ports\[0\]\.port: Invalid value: 0/

const battery: Readonly<Record<string, readonly Step[]>> = {
  'new, changed, unchanged and gone': [
    [[write('a.yaml', 'web:80 db:81')], ['+ns(default)', '+web:80', '+db:81']],
    [[write('a.yaml', 'web:80 db:82')], ['+db:82']],
    [[write('a.yaml', 'db:82 web:80')], []],
    [[write('a.yaml', 'db:82')], ['-web']],
    [[gone('a.yaml')], ['-db', '-ns(default)']],
    [[gone('a.yaml')], []],
  ],
  'the order of a batch is that of paths and documents': [
    [
      [write('b.yaml', 'p q'), write('a/z.yaml', 'u'), write('a-b.yaml', 'v w')],
      ['+ns(default)', '+v:80', '+w:80', '+u:80', '+p:80', '+q:80'],
    ],
  ],
  'an object that moves to another file': [
    [[write('a.yaml', 'web:80')], ['+ns(default)', '+web:80']],
    [[gone('a.yaml'), write('b.yaml', 'web:80')], []],
  ],
  'a duplicate in a later file does not count, until it is the only one': [
    [[write('a.yaml', 'web:80')], ['+ns(default)', '+web:80']],
    [[write('b.yaml', 'web:81')], [duplicate]],
    [[write('b.yaml', 'web:82')], []],
    [[gone('a.yaml')], ['+web:82', '?b.yaml']],
  ],
  'a duplicate in an earlier file takes over': [
    [[write('b.yaml', 'web:81')], ['+ns(default)', '+web:81']],
    [[write('a.yaml', 'web:80')], ['+web:80', duplicate]],
    [[write('a.yaml', '')], ['+web:81', '?b.yaml']],
  ],
  'a duplicate in one file': [
    [
      [write('a.yaml', 'web:80 web:81')],
      [
        '+ns(default)',
        '+web:80',
        /^!a\.yaml:3 \(document 2\): .* already defined in a\.yaml:1 \(document 1\)$/,
      ],
    ],
    [[write('a.yaml', 'web:81')], ['+web:81', '?a.yaml']],
  ],
  'one name in two namespaces is no duplicate': [
    [[write('a.yaml', 'web:80 shop/web:81')], ['+ns(default)', '+ns(shop)', '+web:80', '+web:81']],
  ],
  'a broken document keeps what may be in it': [
    [[write('a.yaml', 'web:80 db:81')], ['+ns(default)', '+web:80', '+db:81']],
    [[write('a.yaml', '! db:82')], ['+db:82', broken]],
    [[write('a.yaml', '! db:83')], ['+db:83']],
    [[write('a.yaml', 'db:83')], ['-web', '?a.yaml']],
  ],
  'a broken file that never was whole': [
    [[write('a.yaml', '! web')], ['+ns(default)', '+web:80', broken]],
    [[gone('a.yaml')], ['-web', '-ns(default)', '?a.yaml']],
  ],
  'a refused object keeps its last good state': [
    [[write('a.yaml', 'web:80')], ['+ns(default)', '+web:80']],
    [[write('a.yaml', '-web')], [refused]],
    [[write('a.yaml', '-web db:80')], ['+db:80']],
    [[write('a.yaml', 'web:81 db:80')], ['+web:81', '?a.yaml']],
  ],
  'a refused object without a last good state is not there, and blocks nobody': [
    [
      [write('a.yaml', '-web'), write('b.yaml', 'web:81')],
      ['+ns(default)', '+web:81', refused],
    ],
  ],
  'a refused object that had two documents keeps the first': [
    [[write('a.yaml', 'web:80 web:81')], ['+ns(default)', '+web:80', /already defined/]],
    [[write('a.yaml', '-web web:81')], [refused]],
  ],
  'an unreadable file keeps its objects': [
    [[write('a.yaml', 'web:80')], ['+ns(default)', '+web:80']],
    [[unreadable('a.yaml')], ['!a.yaml: cannot be read: permission denied']],
    [[unreadable('a.yaml')], []],
    [[write('a.yaml', 'web:81')], ['+web:81', '?a.yaml']],
  ],
  'a namespace is there while anything is in it': [
    [[write('a.yaml', 'shop/web')], ['+ns(shop)', '+web:80']],
    [[write('b.yaml', 'namespace=shop')], ['+ns(shopx)']],
    [[write('a.yaml', '')], ['-web']],
    [
      [write('a.yaml', 'shop/web'), gone('b.yaml')],
      ['+ns(shop)', '+web:80'],
    ],
    [[gone('a.yaml')], ['-web', '-ns(shop)']],
  ],
  'an Endpoints object replaces its slices': [
    [
      [write('a.yaml', 'endpoints=10.0.0.1,fd00::1')],
      ['+ns(default)', '+web~0-ipv4', '+web~0-ipv6'],
    ],
    [[write('a.yaml', 'endpoints=10.0.0.2')], ['-web~0-ipv6', '+web~0-ipv4']],
    [[gone('a.yaml')], ['-web~0-ipv4', '-ns(default)']],
  ],
}

for (const [name, steps] of Object.entries(battery)) {
  t.test(`ManifestSet.apply(): ${name}`, async t => {
    const set = new ManifestSet()
    for (const [changes, wanted] of steps) {
      const found = words(set.apply(await Promise.all(changes)))
      const same = found.map((word, position) => {
        const pattern = wanted[position]
        return pattern instanceof RegExp && pattern.test(word) ? pattern : word
      })
      t.strictSame(same, wanted)
    }
  })
}

t.test('ManifestSet.apply() reports nothing anew when lines move', async t => {
  const set = new ManifestSet()
  const { problems } = set.apply([await read('a.yaml', 'a: [')])
  t.equal(problems.length, 1)
  const moved = set.apply([await read('a.yaml', '# more\n# lines\na: [')])
  t.strictSame([moved.problems, moved.solved], [[], []])
})

t.test('ManifestSet.counts sums what the files hold', async t => {
  const set = new ManifestSet()
  set.apply([
    await write('a.yaml', 'web db endpoints=10.0.0.1,fd00::1'),
    await write('b.yaml', 'web !'),
  ])
  t.strictSame(set.counts, { files: 2, documents: 5, objects: 3, ignoredKinds: new Map() })
})

t.test('ManifestSet.applyFolderState() is a problem until the folder is back', async t => {
  const set = new ManifestSet()
  set.apply([await write('a.yaml', 'web')])
  t.strictSame(words(set.applyFolderState('k8s', 'the folder is gone')), [
    '!k8s: the folder is gone',
  ])
  t.strictSame(words(set.applyFolderState('k8s', 'the folder is gone')), [])
  t.strictSame(words(set.applyFolderState('k8s', undefined)), ['?k8s'])
})

t.test(
  'ManifestSet: what counts depends on the content alone, not on how it came about',
  async t => {
    const paths = ['a.yaml', 'b.yaml', 'b/c.yaml']
    const content = fc.array(
      fc.constantFrom('web:80', 'web:81', 'db:80', 'shop/web', 'namespace=shop'),
      { maxLength: 4 },
    )
    const history = fc.array(fc.tuple(fc.constantFrom(...paths), fc.option(content)), {
      maxLength: 12,
    })
    await fc.assert(
      fc.asyncProperty(history, async steps => {
        const grown = new ManifestSet()
        const state = new Map<string, string>()
        const last = new Map<string, FileChange>()
        const follow = ({ upserts, deletes }: ManifestBatch): void => {
          for (const { kind, namespace, name } of deletes)
            state.delete(`${kind} ${namespace}/${name}`)
          for (const { object } of upserts) {
            const namespace = 'namespace' in object ? object.namespace : ''
            state.set(`${object.kind} ${namespace}/${object.name}`, JSON.stringify(object))
          }
        }
        for (const [path, words] of steps) {
          const change = words ? await write(path, words.join(' ')) : await gone(path)
          last.set(path, change)
          follow(grown.apply([change]))
        }
        const fresh = new ManifestSet().apply([...last.values()])
        const wanted = new Map(
          fresh.upserts.map(({ object }) => {
            const namespace = 'namespace' in object ? object.namespace : ''
            return [`${object.kind} ${namespace}/${object.name}`, JSON.stringify(object)]
          }),
        )
        t.strictSame(new Set(state), new Set(wanted))
      }),
      { numRuns: 100 },
    )
  },
)
