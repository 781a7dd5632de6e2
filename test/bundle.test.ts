/** What ships: files of `dist/` that load only what they need. */
import { readFileSync, statSync } from 'node:fs'
import t from 'tap'
import type { KubeAccess } from '../src/access/kube-access.ts'
import { ask, askedServer, connectProxy } from './support/asked-server.ts'
import { ensureBundle } from './support/bundle.ts'
import { CertificateAuthority } from './support/certificate-authority.ts'
import { asData, KubeconfigFolder } from './support/kubeconfig.ts'

ensureBundle()

/** The text of a file of `dist/` and of all that it imports when it starts. */
function startedWith(name: string, seen = new Set<string>()): string {
  if (seen.has(name)) return ''
  seen.add(name)
  const text = readFileSync(`dist/${name}`, 'utf8')
  const imports = [...text.matchAll(/^(?:import|\} from|import .* from) ?"\.\/([\w.-]+)";$/gm)]
  return [text, ...imports.map(([, other]) => startedWith(other!, seen))].join('\n')
}

t.test('neither thread starts with what reads kubeconfigs', async t => {
  t.match(startedWith('kube-access.js'), 'applyToHTTPSOptions', 'it is found where it is')
  t.match(startedWith('main.js'), 'YAMLException', 'shared files are looked into')
  for (const name of ['main.js', 'worker.js'])
    t.notMatch(startedWith(name), 'applyToHTTPSOptions', name)
})

t.test('neither thread has anything of the admission server', async t => {
  const sign = 'FST_ERR_CTP_INVALID_MEDIA_TYPE'
  t.match(startedWith('admission.js'), sign, 'it is found where it is')
  for (const name of ['main.js', 'worker.js', 'kube-access.js'])
    t.notMatch(startedWith(name), sign, name)
})

t.test('neither thread starts with what injects variables', async t => {
  for (const name of ['main.js', 'worker.js'])
    t.notMatch(startedWith(name), 'signpost-service-variables', name)
})

t.test('the bundled KubeConfig has neither HTTP client nor models with it', async t => {
  const { size } = statSync('dist/kube-access.js')
  t.ok(size < 500_000, `${size} bytes`)
  t.notMatch(startedWith('kube-access.js'), 'EndpointSliceList')
})

t.test('the bundle reads a kubeconfig and reaches its server', async t => {
  const path = '../dist/kube-access.js'
  const bundled = (await import(path)) as { readonly KubeAccess: typeof KubeAccess }
  const authority = new CertificateAuthority('authority')
  const server = await askedServer(t, { tls: authority.issue('here', ['127.0.0.1']) })
  const proxy = await connectProxy(t)
  const files = new KubeconfigFolder(t)
  for (const extra of [{}, { 'proxy-url': proxy.url }]) {
    const file = files.kubeconfig(
      { server: server.url, 'certificate-authority-data': asData(authority.cert), ...extra },
      { token: 'static' },
    )
    const access = bundled.KubeAccess.open({ from: 'kubeconfig', files: [file] })
    t.equal(await ask(access), 200)
    t.equal(server.asked.at(-1)!.authorization, 'Bearer static')
  }
  t.equal(proxy.targets.length, 1)
})
