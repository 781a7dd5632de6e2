/** The whole program on an API server that a test breaks: what is answered before, while and after it is there. */
import t from 'tap'
import { CliProcess, runHere } from './support/cli-run.ts'
import { FakeApiServer } from './support/fake-api-server.ts'
import { KubeconfigFolder, oneContext } from './support/kubeconfig.ts'
import { ServedCorefile } from './support/served-corefile.ts'
import { askShort, checkBecomes } from './support/short-answer.ts'
import { until } from './support/until.ts'

const services = '/api/v1/services'
const slices = '/apis/discovery.k8s.io/v1/endpointslices'
const namespaces = '/api/v1/namespaces'
const patienceMs = 5000
const probe = { host: '127.0.0.1', port: 0 }

function service(
  name: string,
  clusterIP: string,
): { metadata: { namespace: string; name: string } } {
  const spec = {
    type: 'ClusterIP',
    clusterIP,
    clusterIPs: [clusterIP],
    selector: { app: name },
    ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
  }
  return { metadata: { namespace: 'default', name }, spec } as never
}

function slice(serviceName: string, addresses: readonly string[]): ReturnType<typeof service> {
  return {
    metadata: {
      namespace: 'default',
      name: `${serviceName}-1`,
      labels: { 'kubernetes.io/service-name': serviceName },
      annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': new Date().toISOString() },
    },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
    endpoints: addresses.map(address => ({ addresses: [address], conditions: { ready: true } })),
  } as never
}

async function filledServer(): Promise<FakeApiServer> {
  const api = await FakeApiServer.open()
  api.put(namespaces, { metadata: { name: 'default' } })
  api.put(services, service('web', '10.96.0.80'))
  api.put(services, service('pods', 'None'))
  api.put(slices, slice('pods', ['10.244.0.1']))
  return api
}

function corefile(api: FakeApiServer, startupTimeout = '5s'): string {
  return `.:53 {
  errors
  ready ${probe.host}:${probe.port}
  prometheus ${probe.host}:${probe.port}
  kubernetes cluster.local {
    endpoint ${api.url}
    startup_timeout ${startupTimeout}
  }
}
`
}

const asker =
  ({ binding }: ServedCorefile) =>
  (name: string, type?: string): Promise<string> =>
    askShort(binding, name, type)

t.test('SERVFAIL and not ready until everything is known, then right, and so for ever', async t => {
  await using api = await filledServer()
  const held: (() => void)[] = []
  // The Services are there at once, their endpoints are not.
  api.behave = call => (call.collection === slices ? held.push(call.serve) : call.serve())
  await using served = await ServedCorefile.start(corefile(api, '50ms'), { manifests: 'none' })
  const ask = asker(served)
  const page = async (path: string): Promise<string> =>
    await (await fetch(`http://127.0.0.1:${served.server.probePort(probe)}${path}`)).text()
  t.match(
    served.logged.filter(line => line.includes('plugin/kubernetes')),
    ['[WARNING] plugin/kubernetes: starting server with unsynced Kubernetes API'],
  )
  for (const name of ['web.default.svc', 'pods.default.svc', 'none.default.svc']) {
    t.equal(await ask(name), 'SERVFAIL', name)
  }
  t.equal(await page('/ready'), 'kubernetes')

  await until('slices are asked for', () => held.length > 0)
  api.behave = call => call.serve()
  for (const serve of held) serve()
  const becomes = (question: string, wanted: string): Promise<void> =>
    checkBecomes(t, { ask, question, wanted, patienceMs })
  await becomes('web.default.svc', 'A 10.96.0.80')
  t.equal(await ask('pods.default.svc'), 'A 10.244.0.1')
  t.equal(await ask('none.default.svc'), 'NXDOMAIN')
  t.equal(await page('/ready'), 'OK')

  api.put(slices, slice('pods', ['10.244.0.2']))
  await becomes('pods.default.svc', 'A 10.244.0.2')
  const metrics = await page('/metrics')
  const latency = 'coredns_kubernetes_dns_programming_duration_seconds_count'
  t.match(metrics, `${latency}{service_kind="headless_with_selector"} 1\n`)
  const host = new URL(api.url).host
  const requests = `coredns_kubernetes_rest_client_requests_total{code="200",method="GET",host="${host}"} 3\n`
  t.match(metrics, requests)
  t.match(metrics, 'signpost_reflector_synced{resource="endpointslices.discovery.k8s.io"} 1\n')

  api.behave = call => call.refuse(500, { message: 'etcd is away' })
  api.hangUp()
  await until('it is told', () => served.logged.some(line => line.includes('what is known is')))
  t.equal(await ask('web.default.svc'), 'A 10.96.0.80')
  t.equal(await page('/ready'), 'OK')
})

t.test(
  '`pods verified` by reload: Pods are listed first; another API server is refused',
  async t => {
    await using api = await filledServer()
    await using other = await filledServer()
    const pod = { metadata: { namespace: 'default', name: 'a' }, status: { podIP: '10.244.0.9' } }
    api.put('/api/v1/pods', pod)
    await using served = await ServedCorefile.start(corefile(api), { manifests: 'none' })
    const ask = asker(served)
    const verified = (server: FakeApiServer): string =>
      corefile(server).replace('startup_timeout', 'pods verified\n    startup_timeout')
    await served.reload(verified(other))
    t.match(served.logged.at(-1), /Corefile not changed: .*another API server needs a restart/)
    t.equal(await ask('10-244-0-9.default.pod'), 'NXDOMAIN')
    await served.reload(verified(api))
    t.equal(await ask('10-244-0-9.default.pod'), 'A 10.244.0.9')
    t.equal(await ask('10-244-0-8.default.pod'), 'NXDOMAIN')
    api.put('/api/v1/pods', { ...pod, status: { podIP: '10.244.0.8' } })
    await checkBecomes(t, {
      ask,
      question: '10-244-0-8.default.pod',
      wanted: 'A 10.244.0.8',
      patienceMs,
    })
  },
)

t.test('a signal while it waits for the API server ends it in order', async t => {
  await using api = await FakeApiServer.open()
  api.behave = () => {}
  const files = new KubeconfigFolder(t, { config: oneContext({ server: api.url }) })
  using cli = new CliProcess([
    'serve',
    '--kubeconfig',
    `${files.path}/config`,
    '--listen',
    '127.0.0.1:0',
  ])
  await cli.says(/waiting for Kubernetes API/)
  cli.child.kill('SIGTERM')
  t.strictSame(await cli.ended, { code: 0, signal: null })
})

t.test('a list of a cluster is there at once, or the command says what is wrong', async t => {
  await using api = await filledServer()
  const files = new KubeconfigFolder(t, { config: oneContext({ server: api.url }) })
  const services = ['services', '--kubeconfig', `${files.path}/config`]
  const found = await runHere(services)
  t.match(found.out, /^default +web +ClusterIP +10\.96\.0\.80 +80\/TCP +0$/m)
  t.strictSame([found.code, found.err], [0, ''])
  api.behave = call => call.refuse(403, { reason: 'Forbidden', message: 'no' })
  const refused = await runHere(services)
  t.equal(refused.code, 1)
  t.match(refused.err, /^signpost: Cannot (?:list|watch) ".*" at "http.*": no\n$/)
})
