import t from 'tap'
import { Breather } from './breather.ts'
import { type ManifestFile, readManifestFile } from './manifest-file.ts'
import { renderProblem } from './manifest-problem.ts'
import { StringPool } from './string-pool.ts'

async function read(path: string, content: string | Buffer): Promise<ManifestFile> {
  const context = { breather: new Breather(), pool: new StringPool() }
  return readManifestFile(path, Buffer.from(content as string), context)
}

function claimsOf(file: ManifestFile): string[] {
  return file.claims.map(({ identity, place, objects }) => {
    const item = place.item === undefined ? '' : `[${place.item}]`
    const result = objects ? '' : ' refused'
    return `${identity.kind} ${identity.namespace}/${identity.name} at ${place.document}${item}:${place.line}${result}`
  })
}

function service(name: string, indent = ''): string {
  const lines = [
    'apiVersion: v1',
    'kind: Service',
    `metadata: {name: ${name}}`,
    'spec:',
    '  ports:',
    '  - port: 80',
  ]
  return lines.map(line => `${indent}${line}\n`).join('')
}

function listItem(name: string): string {
  return `- ${service(name, '  ').slice(2)}`
}

interface FileCase {
  readonly name: string
  readonly path?: string
  readonly content: string | Buffer
  readonly claims?: readonly string[]
  readonly problems?: readonly string[]
  readonly broken?: true
  readonly ignored?: Readonly<Record<string, number>>
}

const cases: readonly FileCase[] = [
  { name: 'an empty file', content: '' },
  { name: 'an empty JSON file', path: 'a.json', content: '\n' },
  {
    name: 'documents of many kinds',
    content: [
      service('web'),
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n',
      'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n',
      'apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: web}\n',
    ].join('---\n'),
    claims: ['Service default/web at 1:1', 'Namespace /shop at 3:12'],
    ignored: { ConfigMap: 1, 'Service.serving.knative.dev': 1 },
  },
  {
    name: 'a broken document among good ones',
    content: `${service('a')}---\nkind: [\n---\n${service('b')}`,
    claims: ['Service default/a at 1:1', 'Service default/b at 3:10'],
    problems: ['a.yaml:8 (document 2): does not parse: deficient indentation'],
    broken: true,
  },
  {
    name: 'a refused object and a warning',
    content: `${service('Web')}---\n${service('web')}  selectors: {}\n`,
    claims: ['Service default/Web at 1:1 refused', 'Service default/web at 2:8'],
    problems: [
      'a.yaml:1 (document 1): Service "default/Web": metadata.name: Invalid value: "Web": a lowercase RFC 1123 label…',
      'a.yaml:8 (document 2): Service "default/web": spec.selectors: unknown field, ignored',
    ],
  },
  {
    name: 'no name',
    content: 'apiVersion: v1\nkind: Namespace\n',
    problems: [
      'a.yaml:1 (document 1): Namespace: metadata.name: Required value: name or generateName is required',
    ],
  },
  {
    name: 'no object',
    content: '- a\n---\njust text\n---\na: 1\n',
    problems: [
      'a.yaml:1 (document 1): not a Kubernetes object: expected a mapping with apiVersion and kind',
      'a.yaml:3 (document 2): not a Kubernetes object: expected a mapping with apiVersion and kind',
      'a.yaml:5 (document 3): kind: Required value',
    ],
  },
  {
    name: 'other versions of known kinds',
    content:
      'apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: a}\n---\nkind: Pod\n---\nkind: EndpointSlice\napiVersion: discovery.k8s.io/v1beta1\n',
    claims: ['Deployment default/a at 1:1 refused'],
    problems: [
      'a.yaml:1 (document 1): Deployment "default/a": apiVersion: Unsupported value: "extensions/v1beta1": expected "apps/v1"',
      'a.yaml:5 (document 2): Pod: apiVersion: Required value: expected "v1"',
      'a.yaml:7 (document 3): EndpointSlice: apiVersion: Unsupported value: "discovery.k8s.io/v1beta1": expected "discovery.k8s.io/v1"',
    ],
  },
  {
    name: 'Lists, of a kind and in each other',
    content: `kind: ServiceList\napiVersion: v1\nitems: [{metadata: {name: a}, spec: {ports: [{port: 80}]}}]\n---\nkind: List\nitems: [{kind: List, items: [{kind: Namespace, apiVersion: v1, metadata: {name: b}}]}, 1]\n---\nkind: ConfigMapList\nitems: []\n`,
    claims: ['Service default/a at 1[0]:1', 'Namespace /b at 2[0]:5'],
    problems: [
      'a.yaml:5 (document 2, item 2): not a Kubernetes object: expected a mapping with apiVersion and kind',
    ],
    ignored: { ConfigMapList: 1 },
  },
  {
    name: 'JSON',
    path: 'a.json',
    content: '\ufeff\n{"kind": "Namespace", "apiVersion": "v1", "metadata": {"name": "b"}}',
    claims: ['Namespace /b at 1:2'],
  },
  {
    name: 'broken JSON',
    path: 'a.json',
    content: '{\n"kind": }',
    problems: ['a.json:2 (document 1): does not parse: Unexpected token…'],
    broken: true,
  },
  {
    name: 'bytes that are no text',
    content: Buffer.from([0xff, 0xfe, 0x41]),
    problems: ['a.yaml: does not parse: not UTF-8 text'],
    broken: true,
  },
]

t.test('readManifestFile() reads every document it can', async t => {
  for (const { name, path = 'a.yaml', content, claims = [], problems = [], ...wanted } of cases) {
    const file = await read(path, content)
    t.strictSame(claimsOf(file), claims, name)
    const found = file.problems.map(renderProblem).map((text, position) => {
      const wanted = problems[position]
      return wanted?.endsWith('…') && text.startsWith(wanted.slice(0, -1)) ? wanted : text
    })
    t.strictSame(found, problems)
    t.equal(file.whole, !wanted.broken)
    t.strictSame(Object.fromEntries(file.ignored), wanted.ignored ?? {})
  }
})

t.test(
  'readManifestFile() fills in the default namespace and a Namespace its own label',
  async t => {
    const { claims } = await read(
      'a.yaml',
      `${service('web')}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: b, labels: {a: c}}\n`,
    )
    t.equal((claims[0]!.objects![0] as { namespace: string }).namespace, 'default')
    t.strictSame(
      { ...(claims[1]!.objects![0] as { labels: object }).labels },
      {
        a: 'c',
        'kubernetes.io/metadata.name': 'b',
      },
    )
  },
)

t.test('readManifestFile() reads a long List as it reads a short one', async t => {
  const long = 4000
  const items = Array.from({ length: long }, (_, position) => listItem(`s${position}`))
  const head = 'apiVersion: v1\nitems:\n'

  const whole = await read('a.yaml', `${head}${items.join('')}kind: List\n`)
  t.equal(whole.claims.length, long)
  t.equal(whole.documents, 1)
  t.equal(claimsOf(whole)[1], 'Service default/s1 at 1[1]:9', 'an item has a line of its own')

  const broken = await read('a.yaml', `${head}${items.join('')}- [\nkind: List\n`)
  t.strictSame(broken.claims, [], 'one document is whole or broken')
  t.match(broken.problems.map(renderProblem), [/^a\.yaml:24003 \(document 1\): does not parse: /])

  const anchored = items
    .with(0, items[0]!.replace('{name: s0}', '&m {name: s0}'))
    .with(1, items[1]!.replace('{name: s1}', '{<<: *m, name: s1}'))
  const shared = await read('a.yaml', `${head}${anchored.join('')}kind: List\n`)
  t.strictSame(shared.problems, [], 'an anchor may be in another item')
  t.equal(shared.claims.length, long)
})
