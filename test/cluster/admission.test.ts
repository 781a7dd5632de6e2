/** Both webhooks as they are installed: two replicas behind a real API server, one of which dies, then the other. */
import { networkInterfaces } from 'node:os'
import t from 'tap'
import { CliProcess, runHere } from '../support/cli-run.ts'
import { whyNoControlPlane } from '../support/control-plane-assets.ts'
import { ControlPlane } from '../support/control-plane.ts'
import { freePort } from '../support/free-port.ts'
import { bundlesBecome, installAdmission } from '../support/installed-admission.ts'

const namespace = 'signpost'
const services = '/api/v1/namespaces/shop/services'
/** No endpoint may be on loopback. */
const ownAddress = Object.values(networkInterfaces())
  .flat()
  .find(one => one?.family === 'IPv4' && !one.internal)?.address

interface CreatedService {
  readonly spec: { readonly clusterIP?: string; readonly ipFamilies?: readonly string[] }
}

interface CreatedPod {
  readonly spec: {
    readonly containers: readonly {
      readonly env?: readonly { readonly name: string; readonly value?: string }[]
    }[]
  }
}

function whyNot(): string | undefined {
  return whyNoControlPlane() ?? (ownAddress ? undefined : 'no address but loopback')
}

t.test('webhooks as they are installed', { skip: whyNot() ?? false }, async t => {
  await using plane = await ControlPlane.start({ serviceCidrs: '10.96.0.0/12' })
  await plane.stopApiServer()
  // It asks the endpoints of a Service, because there is nothing that would make its address work.
  await plane.startApiServer('--enable-aggregator-routing=true')
  const { client } = plane
  const kubeconfig = await installAdmission(plane)
  const create = async (name: string, spec: object = {}): Promise<CreatedService> =>
    (await client.send('POST', services, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { ports: [{ port: 80 }], ...spec },
    })) as CreatedService
  const addressOf = async (name: string, spec: object = {}): Promise<string | undefined> =>
    (await create(name, spec)).spec.clusterIP
  const remove = (name: string): Promise<unknown> => client.delete(`${services}/${name}`)

  const start = async (name: string): Promise<CliProcess> => {
    const port = await freePort()
    const local = ['--health', '127.0.0.1:0', '--metrics', '127.0.0.1:0', '--drain', '0']
    const replica = new CliProcess(
      ['webhook', 'serve', '--kubeconfig', kubeconfig, '--listen', `:${port}`, ...local],
      { POD_NAMESPACE: namespace, POD_NAME: name, POD_IP: ownAddress! },
    )
    t.teardown(() => replica[Symbol.dispose]())
    await client.send('POST', `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name, labels: { 'kubernetes.io/service-name': 'signpost-admission' } },
      addressType: 'IPv4',
      ports: [{ name: 'https', port, protocol: 'TCP' }],
      endpoints: [{ addresses: [ownAddress], conditions: { ready: true } }],
    })
    return replica
  }
  const replicas = await Promise.all(['one', 'two'].map(start))
  for (const replica of replicas) await replica.says(/the cluster has been read/)
  await bundlesBecome(plane, bundles => bundles.every(bundle => bundle !== ''))
  await client.send('POST', '/api/v1/namespaces', { metadata: { name: 'shop' } })
  // Until the API server goes by the new configuration it chooses at random.
  let before
  for (let now; before === undefined || now !== before;) {
    before = now
    now = await addressOf('probe')
    await remove('probe')
  }

  const names = Array.from({ length: 40 }, (_, number) => `web-${number}`)
  const first = await Promise.all(names.map(name => addressOf(name)))
  t.equal(new Set(first).size, names.length, 'no address twice')
  await Promise.all(names.map(remove))
  const second = await Promise.all(names.map(name => addressOf(name)))
  t.strictSame(second, first, 'deleted and created again: the same addresses')

  t.equal(await addressOf('headless', { clusterIP: 'None' }), 'None')
  t.equal(await addressOf('given', { clusterIP: '10.96.0.77' }), '10.96.0.77')
  const alias = { type: 'ExternalName', externalName: 'example.org', ports: undefined }
  t.equal(await addressOf('alias', alias), undefined)
  const nodePort = await create('node', { type: 'NodePort', ipFamilyPolicy: 'PreferDualStack' })
  t.strictSame(nodePort.spec.ipFamilies, ['IPv4'])

  const pod = (await client.send('POST', '/api/v1/namespaces/shop/pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'client' },
    spec: { containers: [{ name: 'main', image: 'none' }] },
  })) as CreatedPod
  const env = pod.spec.containers[0]!.env ?? []
  t.match(
    env.find(({ name }) => name === 'WEB_0_SERVICE_HOST'),
    { value: first[0] },
  )
  t.ok(env.some(({ name }) => name === 'KUBERNETES_SERVICE_HOST'))

  const check = await runHere(['webhook', 'check', '--kubeconfig', kubeconfig])
  t.strictSame([check.code, check.err], [0, ''])
  t.match(check.out, /^10\.96\.0\.0\/12 +dynamic +\d+ +\d+$/m)
  t.match(check.out, /^cluster IPs: 41 lead from their names, 2 written by somebody, 1 chosen by/m)

  replicas[0]!.child.kill('SIGKILL')
  const later = Array.from({ length: 20 }, (_, number) => `late-${number}`)
  const third = await Promise.all(later.map(name => addressOf(name)))
  t.equal(new Set(third).size, later.length, 'one replica is dead: no failure, no address twice')
  replicas[1]!.child.kill('SIGTERM')
  t.equal((await replicas[1]!.ended).code, 0)
  t.match(await addressOf('alone'), /^10\./, 'no replica at all: the API server goes on alone')
})
