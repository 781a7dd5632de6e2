/** Who is asked, and what proves that it is it: addresses, certificates and proxies, against servers with TLS. */
import t from 'tap'
import { ask, askedServer, connectProxy } from '../../test/support/asked-server.ts'
import { CertificateAuthority } from '../../test/support/certificate-authority.ts'
import { asData, KubeconfigFolder } from '../../test/support/kubeconfig.ts'
import { KubeAccess } from './kube-access.ts'

const [first, second] = [new CertificateAuthority('first'), new CertificateAuthority('second')]
const here = ['127.0.0.1', '::1']
const client = first.issue('laptop')

function open(file: string): KubeAccess {
  return KubeAccess.open({ from: 'kubeconfig', files: [file] })
}

t.test('a kubeconfig of each kind reaches its server', async t => {
  const named = { ...first.issue('named', ['api.example']) }
  const tls = await askedServer(t, { tls: first.issue('server', here) })
  const onlyNamed = await askedServer(t, { tls: named })
  const six = await askedServer(t, { tls: first.issue('server', here), address: '::1' })
  const plain = await askedServer(t)
  const mutual = await askedServer(t, {
    tls: { ...first.issue('server', here), ca: first.cert, requestCert: true },
  })
  const ca = asData(first.cert)
  const wrongCa = asData(second.cert)
  const files = new KubeconfigFolder(t, {
    'pki/ca.crt': first.cert,
    'pki/laptop.crt': client.cert,
    'pki/laptop.key': client.key,
  })
  const basic = `Basic ${asData('admin:secret')}`
  const cases = [
    { name: 'CA as data', server: tls, cluster: { 'certificate-authority-data': ca } },
    { name: 'CA as a file', server: tls, cluster: { 'certificate-authority': 'pki/ca.crt' } },
    {
      name: 'data goes before a file',
      server: tls,
      cluster: { 'certificate-authority-data': ca, 'certificate-authority': 'pki/none.crt' },
    },
    { name: 'no CA', server: tls, cluster: {}, fails: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
    {
      name: 'wrong CA',
      server: tls,
      cluster: { 'certificate-authority-data': wrongCa },
      fails: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    },
    { name: 'not verified', server: tls, cluster: { 'insecure-skip-tls-verify': true } },
    { name: 'IPv6', server: six, cluster: { 'certificate-authority-data': ca } },
    {
      name: 'a name that is not the server’s',
      server: onlyNamed,
      cluster: { 'certificate-authority-data': ca },
      fails: 'ERR_TLS_CERT_ALTNAME_INVALID',
    },
    {
      name: 'tls-server-name',
      server: onlyNamed,
      cluster: { 'certificate-authority-data': ca, 'tls-server-name': 'api.example' },
    },
    { name: 'plain HTTP', server: plain, cluster: {} },
    {
      name: 'plain HTTP with a token',
      server: plain,
      cluster: {},
      user: { token: 'static' },
      sees: { authorization: 'Bearer static' },
    },
    {
      name: 'basic authentication',
      server: plain,
      cluster: {},
      user: { username: 'admin', password: 'secret' },
      sees: { authorization: basic },
    },
    {
      name: 'impersonation',
      server: plain,
      cluster: {},
      user: { as: 'jane' },
      sees: { headers: { 'impersonate-user': 'jane' } },
    },
    {
      name: 'client certificate as data',
      server: mutual,
      cluster: { 'certificate-authority-data': ca },
      user: {
        'client-certificate-data': asData(client.cert),
        'client-key-data': asData(client.key),
      },
      sees: { client: 'laptop' },
    },
    {
      name: 'client certificate as files',
      server: mutual,
      cluster: { 'certificate-authority': 'pki/ca.crt' },
      user: { 'client-certificate': 'pki/laptop.crt', 'client-key': 'pki/laptop.key' },
      sees: { client: 'laptop' },
    },
  ]
  for (const { name, server, cluster, user, fails, sees = {} } of cases) {
    const access = open(files.kubeconfig({ server: server.url, ...cluster }, user))
    t.equal(access.server, server.url, `${name}: server`)
    t.equal(await ask(access), fails ?? 200, name)
    if (!fails) t.match(server.asked.at(-1), { path: '/version', ...sees }, `${name}: asked`)
  }
})

t.test('a server behind a path keeps it', async t => {
  const files = new KubeconfigFolder(t)
  const access = open(files.kubeconfig({ server: 'https://rancher.example/k8s/clusters/c-1/' }))
  const { base } = await access.connect()
  t.equal(base.href, 'https://rancher.example/k8s/clusters/c-1')
})

t.test('certificates that are replaced on disk are those of the next connection', async t => {
  const server = await askedServer(t, {
    tls: { ...first.issue('server', here), ca: first.cert, requestCert: true },
  })
  const proxy = await connectProxy(t)
  for (const direct of [true, false]) {
    const way = direct ? 'direct' : 'by a proxy'
    const files = new KubeconfigFolder(t, {
      'ca.crt': first.cert,
      'laptop.crt': client.cert,
      'laptop.key': client.key,
    })
    const file = files.kubeconfig(
      {
        server: server.url,
        'certificate-authority': 'ca.crt',
        ...(!direct && { 'proxy-url': proxy.url }),
      },
      { 'client-certificate': 'laptop.crt', 'client-key': 'laptop.key' },
    )
    server.present({ ...first.issue('server', here), ca: first.cert })
    const access = open(file)
    t.equal(await ask(access), 200, way)
    t.equal(server.asked.at(-1)!.client, 'laptop', way)
    server.present({ ...second.issue('server', here), ca: second.cert })
    t.equal(await ask(access), 'SELF_SIGNED_CERT_IN_CHAIN', `${way}: the old CA`)
    const renewed = second.issue('laptop-renewed')
    files.write('ca.crt', second.cert)
    files.write('laptop.crt', renewed.cert)
    await t.rejects(
      access.connect(),
      { code: 'credentials', message: /^Cannot get credentials for https:.*key values mismatch$/ },
      `${way}: the certificate is there, its key is not yet`,
    )
    files.write('laptop.key', renewed.key)
    t.equal(await ask(access), 200, `${way}: the new CA`)
    t.equal(server.asked.at(-1)!.client, 'laptop-renewed', way)
  }
  t.equal(proxy.targets.length, 3)
  t.match(server.url, proxy.targets[0]!)
})

t.test('`endpoint` and `tls` of a Corefile', async t => {
  const server = await askedServer(t, {
    tls: { ...first.issue('server', here), ca: first.cert, requestCert: true },
  })
  const plain = await askedServer(t)
  const files = new KubeconfigFolder(t)
  const tls = {
    ca: files.write('ca.crt', first.cert),
    cert: files.write('laptop.crt', client.cert),
    key: files.write('laptop.key', client.key),
  }
  for (const url of [server.url, server.url.replace('https://', '')]) {
    t.equal(await ask(KubeAccess.open({ from: 'endpoint', url, tls })), 200, url)
    t.equal(server.asked.at(-1)!.client, 'laptop', url)
  }
  for (const url of [plain.url, plain.url.replace('http://', '')]) {
    t.equal(await ask(KubeAccess.open({ from: 'endpoint', url })), 200, url)
  }
})
