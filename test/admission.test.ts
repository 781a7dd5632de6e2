/** `signpost webhook serve`, on an API server that a test breaks. */
import { join } from 'node:path'
import { Agent } from 'node:https'
import t, { type Test } from 'tap'
import { AdmissionFeed } from '../src/app/admission-feed.ts'
import { MetricCells } from '../src/lib/metric-cells.ts'
import { askAdmission, authority, issueServing, reviewOf } from './support/admission-client.ts'
import { CliProcess, runHere } from './support/cli-run.ts'
import { FakeApiServer } from './support/fake-api-server.ts'
import { KubeconfigFolder } from './support/kubeconfig.ts'
import { until } from './support/until.ts'

const body = JSON.stringify(reviewOf())
const silent = { info() {}, warn() {}, error() {} }

/** A folder with a certificate, its key and a kubeconfig. */
function filesFor(t: Test, server: string): KubeconfigFolder {
  const { cert, key } = issueServing()
  const files = new KubeconfigFolder(t, { 'tls.crt': cert, 'tls.key': key, 'no.pem': 'no' })
  files.write('other.key', issueServing().key)
  files.kubeconfig({ server })
  return files
}

function flags({ path }: KubeconfigFolder): string[] {
  const at = (name: string): string => join(path, name)
  const pair = ['--cert', at('tls.crt'), '--key', at('tls.key')]
  return ['webhook', 'serve', '--kubeconfig', at('config'), ...pair]
}

t.test('it is ready once it has read the cluster, and ends in order', async t => {
  await using api = await FakeApiServer.open()
  let isAway = true
  api.behave = call => (isAway ? call.refuse(503) : call.serve())
  const local = ['--listen', '127.0.0.1:0', '--health', '127.0.0.1:0', '--metrics', '127.0.0.1:0']
  using process = new CliProcess([...flags(filesFor(t, api.url)), ...local, '--drain', '1'])
  const port = await process.port()
  const health = `http://${await process.says(/"health":"([^"]+)"/)}`
  const metrics = `http://${await process.says(/"metrics":"([^"]+)"/)}/metrics`
  const status = async (path: string): Promise<number> => (await fetch(health + path)).status

  t.equal(await status('/healthz'), 200)
  t.equal(await status('/readyz'), 503)
  const early = await askAdmission(port, { body })
  t.equal(early.status, 503)
  t.equal(early.headers['retry-after'], '1')

  isAway = false
  await process.says(/the cluster has been read/)
  t.equal(await status('/readyz'), 200)
  const agent = new Agent({ keepAlive: true, ca: authority.cert })
  t.teardown(() => agent.destroy())
  for (const path of ['/pods', '/services', '/pods?timeout=2s'])
    t.equal((await askAdmission(port, { body, path, agent })).status, 200, path)
  const text = await (await fetch(metrics)).text()
  for (const line of [
    'signpost_reflector_synced{resource="services"} 1',
    'signpost_admission_requests_total{webhook="services",operation="CREATE",code="200"} 1',
    'signpost_admission_certificate_expiry_timestamp_seconds{certificate="serving"} 4102444799',
  ])
    t.match(text, line)

  process.child.kill('SIGTERM')
  await process.says(/answering for 1 s more/)
  t.equal(await status('/readyz'), 503)
  t.equal(await status('/healthz'), 200)
  const late = await askAdmission(port, { body, agent })
  t.equal(late.status, 200)
  t.equal(late.headers.connection, 'close')
  t.same(await process.ended, { code: 0, signal: null })
  t.equal(process.err, '')
})

t.test('an API that older clusters do not have is not waited for', async t => {
  await using api = await FakeApiServer.open()
  api.behave = call => (call.collection.endsWith('ipaddresses') ? call.refuse(404) : call.serve())
  const seen: string[] = []
  const sink = { upsert: () => {}, delete: () => {} }
  const core = { group: '', version: 'v1', plural: 'services', pageSize: 500 }
  const newer = { group: 'networking.k8s.io', version: 'v1', plural: 'ipaddresses', pageSize: 500 }
  const warn = (message: string): void => void seen.push(message)
  for (const need of ['optional', 'required'] as const) {
    const feed = new AdmissionFeed(
      [
        { resource: core, sink, need: 'required' },
        { resource: newer, sink, need },
      ],
      {
        access: api.access,
        logger: { ...silent, warn },
        cells: new MetricCells(() => {}),
        onSynced: () => seen.push('synced'),
      },
    )
    await until('that is clear', () => seen.length > 0)
    if (need === 'required') await until('services are read', () => feed.waitingFor.length === 1)
    t.same(feed.waitingFor, need === 'optional' ? [] : ['ipaddresses.networking.k8s.io'])
    if (need === 'optional') t.same(seen.splice(0), ['synced'])
    else t.match(seen.splice(0).join(), /ipaddresses\.networking\.k8s\.io/)
    await feed.close()
  }
})

t.test('what cannot be served is said in one line', async t => {
  const files = filesFor(t, 'http://127.0.0.1:1')
  const at = (name: string): string => join(files.path, name)
  const all = flags(files)
  const cases: readonly [args: readonly string[], err: RegExp][] = [
    [['webhook'], /^webhook takes serve\|check, got nothing$/],
    [['webhook', 'dance'], /^webhook takes serve or check, got "dance"$/],
    [
      ['webhook', 'serve'],
      /^webhook serve: expected --cert FILE and --key FILE, or a pod \(POD_NAMESPACE, /,
    ],
    [
      ['webhook', 'serve', '--cert', 'x'],
      /^webhook serve: expected --cert FILE and --key FILE together$/,
    ],
    [
      [...all, '--cert', at('gone')],
      /^Cannot serve the certificate in ".*gone" with the key in .*: ENOENT$/,
    ],
    [[...all, '--cert', at('no.pem')], /^Cannot serve .*: the certificate is no PEM certificate$/],
    [[...all, '--key', at('no.pem')], /^Cannot serve .*: the key is no PEM key$/],
    [[...all, '--key', at('other.key')], /: the key is not that of the certificate$/],
    [[...all, '--listen', 'here'], /^--listen: expected ADDR:PORT such as 127\.0\.0\.1:8443/],
    [[...all, '--drain', 'x'], /^--drain: /],
    [[...all, '--service-cidr', '10.0.0.1'], /^--service-cidr: /],
    [[...all, '--config', at('gone')], /^--config: expected a file that can be read, got .*ENOENT/],
    [[...all, '--kubeconfig', at('gone')], /^--kubeconfig: expected a file/],
    [[...all, '--context', 'none'], /none/],
  ]
  for (const [args, err] of cases) {
    const run = await runHere(args)
    t.equal(run.code, 2, args.join(' '))
    t.match(run.err.replace(/^signpost: (.*)\n$/, '$1'), err)
  }
})

t.test('an address that is taken is named', async t => {
  await using api = await FakeApiServer.open()
  const taken = `127.0.0.1:${api.port}`
  const free = ['--listen', '127.0.0.1:0', '--health', '127.0.0.1:0', '--metrics', '127.0.0.1:0']
  for (const flag of ['--listen', '--health', '--metrics']) {
    const run = await runHere([...flags(filesFor(t, api.url)), ...free, flag, taken])
    t.equal(run.code, 1)
    t.match(run.err, `on ${taken}: listen EADDRINUSE`, flag)
  }
})
