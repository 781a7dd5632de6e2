/** Who asks: tokens that are replaced, credential plugins and identity providers. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mock } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import t from 'tap'
import { ask, type AskedServer, askedServer } from '../../test/support/asked-server.ts'
import { CertificateAuthority } from '../../test/support/certificate-authority.ts'
import { asData, KubeconfigFolder } from '../../test/support/kubeconfig.ts'
import { identityProvider } from '../../test/support/identity-provider.ts'
import { KubeAccess } from './kube-access.ts'

const authority = new CertificateAuthority('authority')
const here = authority.issue('here', ['127.0.0.1', '::1'])

function open(file: string): KubeAccess {
  return KubeAccess.open({ from: 'kubeconfig', files: [file] })
}

async function tokenSeen(access: KubeAccess, server: AskedServer): Promise<string | undefined> {
  await ask(access)
  return server.asked.at(-1)!.authorization
}

t.test("a pod's token and CA are read anew for each connection, by IPv4 and IPv6", async t => {
  for (const address of ['127.0.0.1', '::1']) {
    const server = await askedServer(t, { tls: here, address })
    const { port } = new URL(server.url)
    const files = new KubeconfigFolder(t, { token: 'one\n', 'ca.crt': authority.cert })
    const access = KubeAccess.open({
      from: 'pod',
      variables: { KUBERNETES_SERVICE_HOST: address, KUBERNETES_SERVICE_PORT: port },
      directory: files.path,
    })
    t.equal(access.server, server.url)
    t.equal(await tokenSeen(access, server), 'Bearer one')
    for (const [text, seen] of [
      ['two', 'two'],
      ['', 'two'],
      ['three\n', 'three'],
    ] as const) {
      files.write('token', text)
      t.equal(await tokenSeen(access, server), `Bearer ${seen}`, `"${text}"`)
    }
    const other = new CertificateAuthority('other')
    server.present(other.issue('here', [address]))
    files.write('ca.crt', other.cert)
    t.equal(await ask(access), 200)
  }
})

t.test('tokenFile of a kubeconfig is relative to it, and goes before token', async t => {
  const server = await askedServer(t)
  const files = new KubeconfigFolder(t, { 'secret/token': 'one' })
  const access = open(
    files.kubeconfig({ server: server.url }, { tokenFile: 'secret/token', token: 'none' }),
  )
  t.equal(await tokenSeen(access, server), 'Bearer one')
  files.write('secret/token', 'two')
  t.equal(await tokenSeen(access, server), 'Bearer two')
})

/** Says a number that is one higher each time, and writes down what it was asked. */
function plugin(files: KubeconfigFolder, status: string): string {
  return files.write(
    'bin/plugin',
    `#!/bin/sh
cd '${files.path}'
echo run >> runs
printf %s "$KUBERNETES_EXEC_INFO" > info
RUNS=$(wc -l < runs | tr -d ' ')
cat <<END
{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":${status}}
END
`,
    0o700,
  )
}

const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'bin/plugin' }

t.test(
  'a credential plugin is asked again when its credential has ended or was refused',
  async t => {
    const server = await askedServer(t)
    for (const { name, ends, seen } of [
      { name: 'no end', ends: '', seen: [1, 1, 2] },
      { name: 'not yet', ends: ',"expirationTimestamp":"2999-01-01T00:00:00Z"', seen: [1, 1, 2] },
      { name: 'ended', ends: ',"expirationTimestamp":"2020-01-01T00:00:00Z"', seen: [1, 2, 3] },
    ]) {
      const files = new KubeconfigFolder(t)
      plugin(files, `{"token":"token-$RUNS"${ends}}`)
      const access = open(
        files.kubeconfig({ server: server.url }, { exec: { ...exec, provideClusterInfo: true } }),
      )
      const tokens = [await tokenSeen(access, server), await tokenSeen(access, server)]
      await ask(access, 'refused')
      tokens.push(server.asked.at(-1)!.authorization)
      t.same(
        tokens,
        seen.map(number => `Bearer token-${number}`),
        name,
      )
      t.match(JSON.parse(readFileSync(join(files.path, 'info'), 'utf8')), {
        kind: 'ExecCredential',
        apiVersion: exec.apiVersion,
        spec: { interactive: false, cluster: { server: server.url } },
      })
    }
  },
)

t.test('connections of the same moment share one run of a plugin', async t => {
  const files = new KubeconfigFolder(t)
  plugin(files, '{"token":"token-$RUNS"}')
  const access = open(files.kubeconfig({ server: 'http://127.0.0.1:1' }, { exec }))
  const connections = await Promise.all([1, 2, 3].map(() => access.connect()))
  t.same(
    connections.map(({ options }) => Object.values(options.headers ?? {})),
    [['Bearer token-1'], ['Bearer token-1'], ['Bearer token-1']],
  )
  t.not(connections[0]!.options.headers, connections[1]!.options.headers)
})

t.test('a plugin may give a client certificate', async t => {
  const server = await askedServer(t, {
    tls: { ...here, ca: authority.cert, requestCert: true },
  })
  const { cert, key } = authority.issue('by-plugin')
  const files = new KubeconfigFolder(t)
  plugin(
    files,
    JSON.stringify({ clientCertificateData: cert, clientKeyData: key }).replaceAll('\\n', '\\\\n'),
  )
  const cluster = { server: server.url, 'certificate-authority-data': asData(authority.cert) }
  t.equal(await ask(open(files.kubeconfig(cluster, { exec }))), 200)
  t.equal(server.asked[0]!.client, 'by-plugin')
})

t.test('a plugin that fails is named in one line, and asked again', async t => {
  const server = await askedServer(t)
  const files = new KubeconfigFolder(t)
  const command = join(files.path, 'bin/plugin')
  const access = open(
    files.kubeconfig({ server: server.url }, { exec: { ...exec, installHint: 'Get it\nthere.' } }),
  )
  const start = `Cannot get credentials for ${server.url}: "${command}" (Get it there.): `
  for (const [script, message] of [
    [undefined, `spawn ${command} ENOENT`],
    ['echo log in >&2\necho first >&2\nexit 1', 'log in first'],
    ['echo no JSON', /is not valid JSON/],
    ['echo {}', /undefined/],
  ] as const) {
    if (script !== undefined) files.write('bin/plugin', `#!/bin/sh\n${script}\n`, 0o700)
    const error = await access.connect().then(
      () => undefined,
      (reason: Error) => reason,
    )
    t.match(error, { name: 'AccessError', code: 'credentials' })
    t.equal(error!.message.slice(0, start.length), start)
    t.match(error!.message.slice(start.length), message)
  }
  plugin(files, '{"token":"at-last"}')
  t.equal(await tokenSeen(access, server), 'Bearer at-last')
})

t.test('an OIDC token is renewed when it has ended, or it is said that it cannot be', async t => {
  const server = await askedServer(t)
  const provider = await identityProvider(t, here)
  const trusted = getCACertificates()
  setDefaultCACertificates([authority.cert])
  t.teardown(() => setDefaultCACertificates(trusted))
  const files = new KubeconfigFolder(t)
  const config = {
    'id-token': provider.token(-60),
    'client-id': 'signpost',
    'idp-issuer-url': provider.issuer,
    'idp-certificate-authority-data': asData('that the library cannot use'),
  }
  const openWith = (extra: object): KubeAccess =>
    open(
      files.kubeconfig(
        { server: server.url },
        { 'auth-provider': { name: 'oidc', config: { ...config, ...extra } } },
      ),
    )
  const access = openWith({ 'refresh-token': 'again' })
  const seen = await tokenSeen(access, server)
  t.equal(seen, await tokenSeen(access, server), 'the renewed one serves until it ends')
  t.same(provider.refreshed, ['again'])
  t.equal(JSON.parse(Buffer.from(seen!.split('.')[1]!, 'base64url').toString()).sub, 'jane')
  const stranger = new CertificateAuthority('stranger').issue('provider', ['127.0.0.1'])
  const { issuer } = await identityProvider(t, stranger)
  const elsewhere = { 'idp-issuer-url': issuer, 'refresh-token': 'again' }
  await t.rejects(openWith(elsewhere).connect(), {
    code: 'credentials',
    message: /: fetch failed: unable to verify the first certificate/,
  })
  await t.rejects(openWith({}).connect(), {
    code: 'credentials',
    message: /: the OIDC token has ended and cannot be refreshed: log in again$/,
  })
})

t.test('a plugin that waits for somebody is not run twice, and the wait is told of', async t => {
  const files = new KubeconfigFolder(t)
  files.write(
    'bin/plugin',
    `#!/bin/sh
echo run >> '${files.path}/runs'
while [ ! -e '${files.path}/done' ]; do sleep 0.02; done
echo '{"status":{"token":"typed"}}'
`,
    0o700,
  )
  const access = open(files.kubeconfig({ server: 'http://127.0.0.1:1' }, { exec }))
  mock.timers.enable({ apis: ['setTimeout'] })
  const early = access.connect()
  mock.timers.tick(30_000)
  mock.timers.reset()
  await t.rejects(early, { code: 'credentials', message: /plugin": still waiting after 30 s$/ })
  const late = access.connect()
  files.write('done', '')
  t.match((await late).options.headers, { Authorization: 'Bearer typed' })
  t.equal(readFileSync(join(files.path, 'runs'), 'utf8'), 'run\n')
})
