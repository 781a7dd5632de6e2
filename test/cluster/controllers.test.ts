/** What the controllers of a real cluster make of workloads, and what is answered for it. */
import t from 'tap'
import { whyNoControllers } from '../support/control-plane-assets.ts'
import { ControlPlane } from '../support/control-plane.ts'
import { FakeKubelet, workload } from '../support/fake-kubelet.ts'
import { ServedCluster } from '../support/served-cluster.ts'

/** `spec` in YAML's flow form. */
function service(name: string, spec: string): string {
  return `---\n{apiVersion: v1, kind: Service, metadata: {name: ${name}}, spec: {ports: [{name: http, port: 80}], ${spec}}}\n`
}

function reverse(address: string): string {
  return `${address.split('.').reverse().join('.')}.in-addr.arpa`
}

const svc = 'default.svc'

t.test('with controllers', { skip: whyNoControllers() ?? false }, async t => {
  await using plane = await ControlPlane.start({ serviceCidrs: '10.96.0.0/16,fd00:96::/112' })
  const { client } = plane
  const kubelet = await FakeKubelet.start(client)
  await using served = await ServedCluster.start(await plane.kubeconfig('coredns'))

  await t.test('answers follow the readiness of pods', async t => {
    await client.apply(
      service('web', 'clusterIP: None, selector: {app: web}') +
        service('front', 'selector: {app: web}') +
        workload('Deployment', 'web', 'replicas: 2'),
    )
    const [one = '', other = ''] = await kubelet.podsOf('web', 2)
    await served.becomes(t, `front.${svc}`, /^A 10\.96\./)
    t.equal(await served.ask(`web.${svc}`), 'NXDOMAIN', 'no pod has an address yet')
    await kubelet.says(one, 'not ready', '10.244.0.1')
    await kubelet.says(other, 'ready', '10.244.0.2')
    await served.becomes(t, `web.${svc}`, 'A 10.244.0.2')
    await kubelet.says(one, 'ready', '10.244.0.1')
    await served.becomes(t, `web.${svc}`, 'A 10.244.0.1, A 10.244.0.2')
    t.equal(
      await served.ask(`_http._tcp.web.${svc}`, 'SRV'),
      [1, 2].map(i => `SRV 0 50 80 10-244-0-${i}.web.${svc}.cluster.local.`).join(', '),
    )
    await kubelet.says(other, 'not ready', '10.244.0.2')
    await served.becomes(t, `web.${svc}`, 'A 10.244.0.1')
    t.equal(await served.ask(`10-244-0-2.web.${svc}`), 'NXDOMAIN')
  })

  await t.test('a pod that is terminating leaves the answers, and its successor joins', async t => {
    const [one = '', other = ''] = await kubelet.podsOf('web', 2)
    await kubelet.says(one, 'ready', '10.244.0.1')
    await kubelet.says(other, 'ready', '10.244.0.2')
    await served.becomes(t, `web.${svc}`, 'A 10.244.0.1, A 10.244.0.2')
    await kubelet.terminate(one)
    await served.becomes(t, `web.${svc}`, 'A 10.244.0.2')
    const successor = (await kubelet.podsOf('web', 2)).find(pod => pod !== other)!
    await kubelet.says(successor, 'ready', '10.244.0.3')
    await kubelet.end(one)
    await served.becomes(t, `web.${svc}`, 'A 10.244.0.2, A 10.244.0.3')
  })

  await t.test(
    'publishNotReadyAddresses: also pods that are not ready, and those that go',
    async t => {
      await client.apply(
        service(
          'early',
          'clusterIP: None, publishNotReadyAddresses: true, selector: {app: early}',
        ) +
          service('strict', 'clusterIP: None, selector: {app: early}') +
          workload('Deployment', 'early', 'replicas: 1'),
      )
      const [pod = ''] = await kubelet.podsOf('early', 1)
      await kubelet.says(pod, 'not ready', '10.244.1.1')
      await served.becomes(t, `early.${svc}`, 'A 10.244.1.1')
      t.equal(await served.ask(`strict.${svc}`), 'NXDOMAIN')
      await kubelet.terminate(pod)
      const [successor = ''] = await kubelet.podsOf('early', 1)
      await kubelet.says(successor, 'ready', '10.244.1.2')
      await served.becomes(t, `early.${svc}`, 'A 10.244.1.1, A 10.244.1.2')
      await served.becomes(t, `strict.${svc}`, 'A 10.244.1.2')
      await client.apply(service('early', 'clusterIP: None, selector: {app: early}'))
      await served.becomes(t, `early.${svc}`, 'A 10.244.1.2')
    },
  )

  await t.test('pods of a StatefulSet have their hostnames', async t => {
    const files = (replicas: number): string =>
      service('db', 'clusterIP: None, selector: {app: db}') +
      workload(
        'StatefulSet',
        'db',
        `replicas: ${replicas}, serviceName: db, podManagementPolicy: Parallel`,
      )
    await client.apply(files(3))
    const pods = await kubelet.podsOf('db', 3)
    t.same(pods, ['db-0', 'db-1', 'db-2'])
    for (const [i, pod] of pods.entries()) await kubelet.says(pod, 'ready', `10.244.2.${i}`)
    await served.becomes(t, `db.${svc}`, 'A 10.244.2.0, A 10.244.2.1, A 10.244.2.2')
    for (const [i, pod] of pods.entries())
      t.equal(await served.ask(`${pod}.db.${svc}`), `A 10.244.2.${i}`)
    t.equal(await served.ask(reverse('10.244.2.1'), 'PTR'), `PTR db-1.db.${svc}.cluster.local.`)
    await kubelet.end('db-1')
    t.same(await kubelet.podsOf('db', 3), pods)
    await kubelet.says('db-1', 'ready', '10.244.2.9')
    await served.becomes(t, `db-1.db.${svc}`, 'A 10.244.2.9')
    t.equal(await served.ask(reverse('10.244.2.1'), 'PTR'), 'NXDOMAIN')
    await client.apply(files(1))
    await served.becomes(t, `db.${svc}`, 'A 10.244.2.0')
    t.equal(await served.ask(`db-2.db.${svc}`), 'NXDOMAIN')
  })

  await t.test('both families of Services and of pods', async t => {
    await client.apply(
      service('both', 'ipFamilyPolicy: RequireDualStack, selector: {app: both}') +
        service(
          'pods',
          'ipFamilyPolicy: RequireDualStack, clusterIP: None, selector: {app: both}',
        ) +
        service('six', 'ipFamilies: [IPv6], selector: {app: both}') +
        workload('Deployment', 'both', 'replicas: 1'),
    )
    const [pod = ''] = await kubelet.podsOf('both', 1)
    await kubelet.says(pod, 'ready', '10.244.3.1', 'fd00:244::3')
    await served.becomes(t, `pods.${svc} AAAA`, 'AAAA fd00:244::3')
    await served.becomes(t, `pods.${svc} A`, 'A 10.244.3.1')
    await served.becomes(t, `fd00-244--3.pods.${svc} AAAA`, 'AAAA fd00:244::3')
    await served.becomes(t, `both.${svc}`, /^A 10\.96\.[\d.]+$/)
    t.match(await served.ask(`both.${svc}`, 'AAAA'), /^AAAA fd00:96::[0-9a-f:]+$/)
    t.equal(await served.ask(`six.${svc}`), 'NODATA')
    t.match(await served.ask(`six.${svc}`, 'AAAA'), /^AAAA fd00:96::[0-9a-f:]+$/)
    await client.apply(service('both', 'ipFamilyPolicy: SingleStack, selector: {app: both}'))
    await served.becomes(t, `both.${svc} AAAA`, 'NODATA')
  })

  await t.test('a Service that becomes another kind', async t => {
    await client.apply(service('kind', 'type: ClusterIP, clusterIP: 10.96.77.1'))
    await served.becomes(t, `kind.${svc}`, 'A 10.96.77.1')
    await client.delete('/api/v1/namespaces/default/services/kind')
    await client.apply(service('kind', 'type: ExternalName, externalName: www.example.org'))
    await served.becomes(t, `kind.${svc}`, 'CNAME www.example.org.')
    t.equal(await served.ask(reverse('10.96.77.1'), 'PTR'), 'NXDOMAIN')
  })

  await t.test('a Namespace that is deleted takes all of its names along', async t => {
    const names = Array.from({ length: 20 }, (_, i) => `s${i}`)
    await client.apply(
      '{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n' +
        names.map(name => service(`${name}, namespace: shop`, '')).join('') +
        '---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: hand, namespace: shop, labels: {kubernetes.io/service-name: s0}}, ' +
        'addressType: IPv4, ports: [{name: http, port: 80}], endpoints: [{addresses: [192.0.2.1], hostname: one}]}\n',
    )
    for (const name of names) await served.becomes(t, `${name}.shop.svc`, /^A 10\.96\./)
    await served.becomes(t, 'one.s0.shop.svc', 'A 192.0.2.1')
    t.equal(await served.ask('shop.svc'), 'NODATA')
    await client.delete('/api/v1/namespaces/shop')
    await served.becomes(t, 'shop.svc', 'NXDOMAIN')
    for (const name of names) t.equal(await served.ask(`${name}.shop.svc`), 'NXDOMAIN')
    t.equal(await served.ask('one.s0.shop.svc'), 'NXDOMAIN')
    t.equal(await served.ask(reverse('192.0.2.1'), 'PTR'), 'NXDOMAIN')
  })

  t.strictSame(served.complaints, [])
})
