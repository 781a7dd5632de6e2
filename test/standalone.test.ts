/** A folder of manifests as a cluster, from the file to the reply. */
import t from 'tap'
import { readFile } from 'node:fs/promises'
import { listNames } from '../src/app/listings.ts'
import { loadCluster } from '../src/app/load-cluster.ts'
import { parseCidr } from '../src/lib/cidr.ts'
import { ServedFolder } from './support/served-folder.ts'

const svc = 'default.svc'

/** `spec` in YAML's flow form. */
function service(name: string, spec: string): string {
  return `---\n{apiVersion: v1, kind: Service, metadata: {name: ${name}}, spec: {ports: [{name: http, port: 80}], ${spec}}}\n`
}

function workload(kind: string, name: string, spec: string): string {
  const template = `{metadata: {labels: {app: ${name}}}, spec: {containers: [{name: c, image: i}]}}`
  return (
    `---\n{apiVersion: apps/v1, kind: ${kind}, metadata: {name: ${name}}, ` +
    `spec: {${spec}, selector: {matchLabels: {app: ${name}}}, template: ${template}}}\n`
  )
}

const boutique = [
  ['adservice', 'grpc', 9555],
  ['cartservice', 'grpc', 7070],
  ['checkoutservice', 'grpc', 5050],
  ['currencyservice', 'grpc', 7000],
  ['emailservice', 'grpc', 5000],
  ['frontend', 'http', 80],
  ['frontend-external', 'http', 80],
  ['paymentservice', 'grpc', 50_051],
  ['productcatalogservice', 'grpc', 3550],
  ['recommendationservice', 'grpc', 8080],
  ['redis-cart', 'tcp-redis', 6379],
  ['shippingservice', 'grpc', 50_051],
] as const

t.test(
  'every Service of Online Boutique resolves: A, SRV of its port, PTR; `names` lists it',
  async t => {
    const manifest = await readFile('test/fixtures/online-boutique.yaml', 'utf8')
    await using served = await ServedFolder.start({ 'online-boutique.yaml': manifest })
    t.strictSame(served.logged, [], 'nothing is refused')
    const source = {
      manifests: served.root,
      serviceCidrs: [parseCidr('10.96.0.0/16')!],
      podCidrs: [parseCidr('10.244.0.0/16')!],
      workloads: 'run',
    } as const
    const zone = { pods: 'insecure', zone: 'cluster.local', ttlSeconds: 5 } as const
    const cluster = await loadCluster({ source, ...zone })
    const names = new Set(listNames(cluster, undefined).rows.flat())
    for (const [name, portName, port] of boutique) {
      const full = `${name}.${svc}.cluster.local.`
      const address = /^A (10\.96\.\d+\.\d+)$/.exec(await served.ask(`${name}.${svc}`))?.[1]
      t.ok(address, name)
      const portAnswer = await served.ask(`_${portName}._tcp.${name}.${svc}`, 'SRV')
      t.equal(portAnswer, `SRV 0 100 ${port} ${full}`, name)
      const reverse = `${address?.split('.').reverse().join('.')}.in-addr.arpa`
      t.equal(await served.ask(reverse, 'PTR'), `PTR ${full}`, name)
      for (const line of [
        `${full} 5 IN A ${address}`,
        `_${portName}._tcp.${full} 5 IN SRV 0 100 ${port} ${full}`,
        `${reverse}. 5 IN PTR ${full}`,
      ])
        t.ok(names.has(line), line)
    }
  },
)

t.test('pods of a StatefulSet have their names below its headless Service', async t => {
  const files = (replicas: number): string =>
    service('db', 'clusterIP: None, selector: {app: db}') +
    workload('StatefulSet', 'db', `replicas: ${replicas}, serviceName: db`)
  await using served = await ServedFolder.start({ 'db.yaml': files(3) })
  const pods = await Promise.all([0, 1, 2].map(i => served.ask(`db-${i}.db.${svc}`)))
  for (const [i, address] of pods.entries()) t.match(address, /^A 10\.244\.\d+\.\d+$/, `db-${i}`)
  t.equal(
    await served.ask(`db.${svc}`),
    pods.toSorted().join(', '),
    'together they are the Service',
  )
  t.equal(await served.ask(`db-3.db.${svc}`), 'NXDOMAIN')
  const reverse = pods[1]!.slice(2).split('.').reverse().join('.')
  t.equal(await served.ask(`${reverse}.in-addr.arpa`, 'PTR'), `PTR db-1.db.${svc}.cluster.local.`)

  await served.write('db.yaml', files(4))
  await served.becomes(t, `db-3.db.${svc}`, /^A 10\.244\./)
  t.equal(await served.ask(`db-0.db.${svc}`), pods[0], 'the others keep their addresses')
  await served.write('db.yaml', files(1))
  await served.becomes(t, `db-1.db.${svc}`, 'NXDOMAIN')
  t.equal(await served.ask(`db.${svc}`), pods[0])
})

t.test('a Deployment that is scaled changes the answer', async t => {
  const files = (replicas: number): string =>
    service('web', 'clusterIP: None, selector: {app: web}') +
    workload('Deployment', 'web', `replicas: ${replicas}`)
  await using served = await ServedFolder.start({ 'web.yaml': files(1) })
  t.match(await served.ask(`web.${svc}`), /^A [\d.]+$/)
  await served.write('web.yaml', files(3))
  await served.becomes(t, `web.${svc}`, /^A [\d.]+, A [\d.]+, A [\d.]+$/)
  await served.logs(t, /^service default\/web: 1 → 3 ready endpoints$/)
  await served.write('web.yaml', files(0))
  await served.becomes(t, `web.${svc}`, 'NXDOMAIN')
})

t.test('workloads can be left alone', async t => {
  await using served = await ServedFolder.start(
    {
      'web.yaml':
        service('web', 'clusterIP: None, selector: {app: web}') +
        workload('Deployment', 'web', 'replicas: 2') +
        service('kept', 'clusterIP: 10.96.0.9'),
    },
    { workloads: 'ignore' },
  )
  t.equal(await served.ask(`web.${svc}`), 'NXDOMAIN')
  t.equal(await served.ask(`kept.${svc}`), 'A 10.96.0.9')
})

t.test('pod names follow --pods', async t => {
  const files = {
    'pod.yaml':
      '{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c, image: i}]}, ' +
      'status: {phase: Running, podIP: 10.244.1.3, conditions: [{type: Ready, status: "True"}]}}\n',
  }
  const cases = [
    ['disabled', 'NXDOMAIN', 'NXDOMAIN'],
    ['insecure', 'A 10.244.1.3', 'A 10.244.1.4'],
    ['verified', 'A 10.244.1.3', 'NXDOMAIN'],
  ] as const
  for (const [pods, there, notThere] of cases) {
    await using served = await ServedFolder.start(files, { pods })
    t.equal(await served.ask('10-244-1-3.default.pod'), there, pods)
    t.equal(await served.ask('10-244-1-4.default.pod'), notThere, pods)
  }
})

t.test('slices and Endpoints given by hand count for a Service without a selector', async t => {
  const slice =
    '---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: hand-1, labels: {kubernetes.io/service-name: hand}}, ' +
    'addressType: IPv4, ports: [{name: http, port: 8080}], endpoints: [{addresses: [192.0.2.1], hostname: one}, {addresses: [192.0.2.2], conditions: {ready: false}}]}\n'
  const endpoints =
    '---\n{apiVersion: v1, kind: Endpoints, metadata: {name: old}, subsets: [{addresses: [{ip: 192.0.2.3}], ports: [{name: http, port: 80}]}]}\n'
  await using served = await ServedFolder.start({
    'hand.yaml': service('hand', 'clusterIP: None') + slice,
    'old.yaml': service('old', 'clusterIP: 10.96.0.9') + endpoints,
  })
  t.equal(await served.ask(`hand.${svc}`), 'A 192.0.2.1')
  t.equal(await served.ask(`one.hand.${svc}`), 'A 192.0.2.1')
  t.match(await served.ask(`_http._tcp.hand.${svc}`, 'SRV'), 'SRV 0 100 8080 one.hand.')
  const mirrored = `192-0-2-3.old.${svc}`
  t.equal(await served.ask(mirrored), 'A 192.0.2.3')
  await served.write('old.yaml', service('old', 'selector: {app: x}') + endpoints)
  await served.becomes(t, mirrored, 'NXDOMAIN')
  await served.write('old.yaml', service('old', '') + endpoints)
  await served.becomes(t, mirrored, 'A 192.0.2.3')
  t.equal(await served.ask(`old.${svc}`), 'A 10.96.0.9')
})

t.test('a namespace comes and goes with its manifest or its objects', async t => {
  await using served = await ServedFolder.start({
    'a.yaml': '{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n',
  })
  t.equal(await served.ask('shop.svc'), 'NODATA')
  t.equal(await served.ask('1-2-3-4.shop.pod'), 'A 1.2.3.4')
  await served.remove('a.yaml')
  await served.becomes(t, 'shop.svc', 'NXDOMAIN')
  t.equal(await served.ask('1-2-3-4.shop.pod'), 'NXDOMAIN')
  const web =
    '{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {clusterIP: 10.96.0.9, ports: [{port: 80}]}}'
  await served.write(
    'web.json',
    web.replaceAll(/([\w.]+)(?=[:,}])/g, '"$1"').replaceAll('"80"', '80'),
  )
  await served.becomes(t, 'web.shop.svc', 'A 10.96.0.9')
  t.equal(await served.ask('shop.svc'), 'NODATA')
})

t.test('of two documents for one Service the first counts, and both are named', async t => {
  await using served = await ServedFolder.start({
    'a.yaml': service('other', '') + service('web', 'clusterIP: 10.96.0.9'),
    'b/web.yaml': service('web', 'clusterIP: 10.96.0.10'),
  })
  t.equal(await served.ask(`web.${svc}`), 'A 10.96.0.9')
  t.strictSame(served.logged, [
    'b/web.yaml:2 (document 1): Service "default/web": does not count: already defined in a.yaml:4 (document 2)',
  ])
  await served.remove('b/web.yaml')
  await served.logs(t, /^mended: b\/web\.yaml/)
  t.equal(await served.ask(`web.${svc}`), 'A 10.96.0.9')
})

t.test('a broken file keeps its last good state and stops nothing else', async t => {
  await using served = await ServedFolder.start({
    'web.yaml': service('web', 'clusterIP: 10.96.0.9'),
  })
  await served.write('web.yaml', 'apiVersion: v1\nkind: [Service\n')
  await served.logs(t, /^web\.yaml:\d/)
  t.equal(await served.ask(`web.${svc}`), 'A 10.96.0.9')
  await served.write('other.yaml', service('other', 'clusterIP: 10.96.0.10'))
  await served.becomes(t, `other.${svc}`, 'A 10.96.0.10')
  await served.write(
    'web.yaml',
    service('web', 'type: ExternalName, externalName: www.example.org'),
  )
  await served.becomes(t, `web.${svc}`, 'CNAME www.example.org.')
  await served.logs(t, /^mended: web\.yaml/)
})

t.test('a refused Service keeps its last good state and is applied once it can be', async t => {
  await using served = await ServedFolder.start({
    'a.yaml': service('a', 'clusterIP: 10.96.0.9'),
    'b.yaml': service('b', 'clusterIP: 10.96.0.9'),
  })
  t.match(served.logged, [/^b\.yaml:2 \(document 1\): Service "b" is invalid: .*10\.96\.0\.9/])
  t.equal(await served.ask(`b.${svc}`), 'NXDOMAIN')
  await served.write('a.yaml', service('a', 'clusterIP: 10.96.0.10'))
  await served.logs(t, /^a\.yaml.*may not change once set/)
  t.equal(await served.ask(`a.${svc}`), 'A 10.96.0.9')
  await served.write('a.yaml', service('a', 'type: ExternalName, externalName: www.example.org'))
  await served.becomes(t, `b.${svc}`, 'A 10.96.0.9')
  await served.logs(t, /^mended: b\.yaml/)
})

t.test('default/kubernetes is there, also beside a manifest of it', async t => {
  const own =
    '{apiVersion: v1, kind: Service, metadata: {name: kubernetes}, spec: {ports: [{name: https, port: 6443}]}}\n'
  await using served = await ServedFolder.start({})
  t.equal(await served.ask(`kubernetes.${svc}`), 'A 10.96.0.1')
  t.match(await served.ask(`_https._tcp.kubernetes.${svc}`, 'SRV'), 'SRV 0 100 443 ')
  await served.write('own.yaml', own)
  await served.becomes(t, `_https._tcp.kubernetes.${svc} SRV`, /^SRV 0 100 6443 /)
  t.equal(await served.ask(`kubernetes.${svc}`), 'A 10.96.0.1')
  await served.remove('own.yaml')
  await served.becomes(t, `_https._tcp.kubernetes.${svc} SRV`, /^SRV 0 100 443 /)
  t.equal(await served.ask(`kubernetes.${svc}`), 'A 10.96.0.1')
})

t.test('both families, where both are configured', async t => {
  await using served = await ServedFolder.start(
    {
      'web.yaml':
        service('both', 'ipFamilyPolicy: PreferDualStack, clusterIP: 10.96.0.9') +
        service('six', 'ipFamilies: [IPv6], clusterIP: "fd00:96::9"') +
        service(
          'pods',
          'clusterIP: None, ipFamilyPolicy: RequireDualStack, selector: {app: pods}',
        ) +
        workload('DaemonSet', 'pods', 'minReadySeconds: 0'),
    },
    {
      serviceCidrs: ['10.96.0.0/16', 'fd00:96::/112'].map(text => parseCidr(text)!),
      podCidrs: ['10.244.0.0/16', 'fd00:244::/56'].map(text => parseCidr(text)!),
    },
  )
  t.equal(await served.ask(`both.${svc}`), 'A 10.96.0.9')
  t.match(await served.ask(`both.${svc}`, 'AAAA'), /^AAAA fd00:96::/)
  t.equal(await served.ask(`six.${svc}`), 'NODATA')
  t.equal(await served.ask(`six.${svc}`, 'AAAA'), 'AAAA fd00:96::9')
  t.match(await served.ask(`pods.${svc}`), /^A 10\.244\./)
  t.match(await served.ask(`pods.${svc}`, 'AAAA'), /^AAAA fd00:244:/)
})
