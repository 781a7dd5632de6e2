/** Which cluster and user a kubeconfig, a Corefile or a pod names, and what is said when they do not. */
import { join, relative } from 'node:path'
import t from 'tap'
import { KubeconfigFolder, oneContext } from '../../test/support/kubeconfig.ts'
import type { AccessOptions } from './access-options.ts'
import { readTarget } from './access-target.ts'

const server = 'https://10.0.0.1:6443'

const twoContexts = `
current-context: a
contexts:
- {name: a, context: {cluster: one, user: jane}}
- {name: b, context: {cluster: two}}
- {name: no-cluster, context: {cluster: gone, user: jane}}
- {name: no-server, context: {cluster: bare, user: jane}}
- {name: no-user, context: {cluster: one, user: gone}}
clusters:
- {name: one, cluster: {server: "https://one"}}
- {name: two, cluster: {server: "https://two"}}
- {name: bare, cluster: {}}
users:
- {name: jane, user: {token: jane-token}}
`

t.test('the context that is asked for, else the current one', async t => {
  const files = new KubeconfigFolder(t, { config: twoContexts })
  const file = join(files.path, 'config')
  for (const path of [file, relative('.', file)]) {
    const { cluster, user } = readTarget({ from: 'kubeconfig', files: [path] })
    t.match(
      { cluster, user },
      { cluster: { server: 'https://one' }, user: { token: 'jane-token' } },
    )
  }
  const { cluster, user } = readTarget({ from: 'kubeconfig', files: [file], context: 'b' })
  t.match({ cluster, user }, { cluster: { server: 'https://two' }, user: { name: 'anonymous' } })
})

t.test('of several files the first that has a thing is taken, as kubectl does', async t => {
  const files = new KubeconfigFolder(t, {
    'one/config': 'users: [{name: jane, user: {tokenFile: token}}]',
    'one/token': 'from one',
    'two/config': twoContexts,
    'three/config': oneContext({ server }).replaceAll('"c"', '"one"'),
  })
  const paths = ['one', 'two', 'three'].map(name => join(files.path, name, 'config'))
  const target = readTarget({ from: 'kubeconfig', files: paths as [string, ...string[]] })
  t.equal(target.cluster.server, 'https://one')
  t.equal(target.tokenFile, join(files.path, 'one/token'))
})

const noFile = (path: string): string => `ENOENT: no such file or directory, open '${path}'`

t.test('what is wrong with a kubeconfig is said in one line', async t => {
  const ca = { 'certificate-authority': 'ca.crt' }
  const contexts = '"a", "b", "no-cluster", "no-server", "no-user"'
  const cases: readonly {
    name: string
    text: string | undefined
    context?: string
    code: string
    message: (file: string, folder: string) => string | RegExp
  }[] = [
    {
      name: 'missing',
      text: undefined,
      code: 'unreadable',
      message: file => `Cannot read kubeconfig "${file}": ${noFile(file)}`,
    },
    {
      name: 'not YAML',
      text: 'clusters: [\n  {',
      code: 'not-a-kubeconfig',
      message: () => /^Cannot read kubeconfig "[^"]+": expected YAML: [^\n]+ \(\d+:\d+\)[^\n]*$/,
    },
    ...['a list of words', '- 1', 'kind: Pod'].map(text => ({
      name: `"${text}"`,
      text,
      code: 'not-a-kubeconfig',
      message: (file: string) =>
        `Cannot read kubeconfig "${file}": expected clusters, users and contexts`,
    })),
    {
      name: 'empty',
      text: '',
      code: 'not-a-kubeconfig',
      message: () => /: expected YAML: expected a document, but the input is empty$/,
    },
    {
      name: 'no current context',
      text: twoContexts.replace('current-context: a', ''),
      code: 'unknown-context',
      message: file =>
        `Cannot choose a cluster: kubeconfig "${file}" has no current-context: expected one of ${contexts}`,
    },
    {
      name: 'nothing in it',
      text: 'clusters:',
      code: 'unknown-context',
      message: file =>
        `Cannot choose a cluster: kubeconfig "${file}" has no current-context: expected one of contexts, of which there are none`,
    },
    {
      name: 'unknown context',
      text: twoContexts,
      context: 'c',
      code: 'unknown-context',
      message: file =>
        `Cannot choose a cluster: kubeconfig "${file}" has no context "c": expected ${contexts}`,
    },
    ...['no-cluster', 'no-server'].map(context => ({
      name: context,
      text: twoContexts,
      context,
      code: 'unknown-context',
      message: (file: string) =>
        `Cannot choose a cluster: context "${context}" of kubeconfig "${file}": expected a cluster "${context === 'no-server' ? 'bare' : 'gone'}" with a server`,
    })),
    {
      name: 'no user',
      text: twoContexts,
      context: 'no-user',
      code: 'unknown-context',
      message: file =>
        `Cannot choose a cluster: context "no-user" of kubeconfig "${file}": expected a user "gone"`,
    },
    ...['ten.example', 'ftp://ten.example'].map(address => ({
      name: address,
      text: oneContext({ server: address }),
      code: 'bad-server',
      message: () =>
        `Cannot reach the API server "${address}": expected an address like https://10.0.0.1:6443`,
    })),
    ...(
      [
        ['CA certificate', 'ca.crt', ca, {}],
        ['client certificate', 'c.crt', {}, { 'client-certificate': 'c.crt' }],
        ['client key', 'c.key', {}, { 'client-key': 'c.key' }],
        ['token', 'token', {}, { tokenFile: 'token' }],
      ] as const
    ).map(([what, name, cluster, user]) => ({
      name: what,
      text: oneContext({ server, ...cluster }, user),
      code: 'unreadable',
      message: (_: string, folder: string) =>
        `Cannot reach the API server: expected its ${what} in "${folder}/${name}" (ENOENT: no such file or directory, access '${folder}/${name}')`,
    })),
  ]
  for (const { name, text, context, code, message } of cases) {
    const files = new KubeconfigFolder(t, text === undefined ? {} : { config: text })
    const file = join(files.path, 'config')
    const read = (): unknown => readTarget({ from: 'kubeconfig', files: [file], context })
    t.throws(read, { name: 'AccessError', code, message: message(file, files.path) }, name)
  }
})

t.test('a pod is one where Kubernetes says so', async t => {
  const files = new KubeconfigFolder(t, { token: 'token', 'ca.crt': 'certificate' })
  const pod = (host: string, port = '443'): AccessOptions => ({
    from: 'pod',
    variables: { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port },
    directory: files.path,
  })
  for (const [host, url] of [
    ['10.96.0.1', 'https://10.96.0.1:443'],
    ['fd00::1', 'https://[fd00::1]:443'],
    ['kubernetes.default', 'https://kubernetes.default:443'],
  ] as const) {
    t.equal(readTarget(pod(host)).cluster.server, url)
  }
  const notOne = {
    code: 'not-in-cluster',
    message:
      /^not in a cluster: expected --manifests DIR, --kubeconfig FILE, or a pod's service account/,
  }
  t.throws(() => readTarget({ from: 'pod', variables: {} }), notOne)
  t.throws(() => readTarget(pod('')), notOne)
  t.throws(() => readTarget(pod('10.96.0.1', '')), notOne)
  t.throws(() => readTarget({ ...pod('10.96.0.1'), directory: '/nowhere' } as AccessOptions), {
    code: 'unreadable',
    message:
      /^Cannot reach the API server: expected its CA certificate in "\/nowhere\/ca.crt" \(ENOENT/,
  })
})

t.test('an endpoint of a Corefile', async t => {
  for (const [url, expected] of [
    ['https://ten.example:6443', 'https://ten.example:6443'],
    ['ten.example:8080', 'http://ten.example:8080'],
  ] as const) {
    t.equal(readTarget({ from: 'endpoint', url }).cluster.server, expected)
  }
  t.throws(() => readTarget({ from: 'endpoint', url: 'https://' }), { code: 'bad-server' })
  const tls = { ca: '/nowhere/ca', cert: '/nowhere/cert', key: '/nowhere/key' }
  t.throws(() => readTarget({ from: 'endpoint', url: 'ten.example', tls }), {
    message: /expected its CA certificate in "\/nowhere\/ca"/,
  })
})
