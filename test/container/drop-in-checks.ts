import type { Test } from 'tap'
import manifest from '../../package.json' with { type: 'json' }
import { grantCoredns } from '../support/cluster-accounts.ts'
import { manifestPath } from '../support/api-paths.ts'
import { askOverUdp } from '../support/dns-subject.ts'
import { checkCases } from '../support/query-cases.ts'
import { askShort, checkBecomes } from '../support/short-answer.ts'
import { DropInCluster } from './drop-in-cluster.ts'
import { checkOrderlyEnd, statusOf } from './orderly-end.ts'
import { podAddress } from './pod-network.ts'
import type { PodImages } from './pod-images.ts'
import { RuncContainer } from './runc-container.ts'
import { containerOf, stockDeployment } from './stock-deployment.ts'

const image = `localhost/signpost:${manifest.version}`
const patienceMs = 20_000
const deploymentPath = manifestPath(stockDeployment)
const svc = 'default.svc.cluster.local.'
const negative = { authority: 'soa' } as const

/** A Service with an address, one without, and what is behind that one. */
const objects = `
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: 10.96.77.1, ports: [{name: http, port: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: db}, spec: {clusterIP: None, ports: [{name: sql, port: 5432}]}}
---
{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: db-1, labels: {kubernetes.io/service-name: db}},
 addressType: IPv4, ports: [{name: sql, port: 5432}], endpoints: [{addresses: [10.244.7.1], hostname: db-0}, {addresses: [10.244.7.2]}]}
`

/** The pod of kubeadm's own Deployment, with another image, in a cluster with a real API server. */
export async function checkDropIn(t: Test, images: PodImages, folder: string): Promise<void> {
  await using cluster = await DropInCluster.start(folder)
  const { client } = cluster.plane
  const ask = async (name: string, type?: string): Promise<string> =>
    askShort({ address: podAddress, family: 'IPv4', port: 53 }, name, type)
  const becomes = async (t: Test, question: string, wanted: string): Promise<void> =>
    checkBecomes(t, { ask, question, wanted, patienceMs })

  await t.test(
    'manifests/dropin changes the image of the Deployment, and nothing else',
    async t => {
      await client.put(stockDeployment)
      const before = await specOf(cluster)
      await cluster.kubectl('apply', '--server-side', '--force-conflicts', '-k', 'manifests/dropin')
      t.strictSame(await specOf(cluster), withImage(before, image))
    },
  )
  const pod = {
    ...containerOf(await client.send('GET', deploymentPath)),
    ...cluster.podWith('test/corefiles/kubeadm'),
  }

  await t.test('in the place of CoreDNS', async t => {
    using container = new RuncContainer({ ...pod, image: images.signpost })
    await container.says(/^\.:53$[^]*Signpost-/m)
    t.match(container.out, /plugin\/reload: Running configuration SHA512 = [0-9a-f]{128}$/m)
    t.equal(await statusOf(`${podAddress}:8181/ready`), 200)

    await t.test('answers for what is created', async t => {
      await client.apply(objects)
      await becomes(t, '10-244-7-2.db.default.svc', 'A 10.244.7.2')
      await checkCases(t, askOverUdp(`${podAddress}:53`), [
        { query: `web.${svc} A`, answer: [`web.${svc} 30 IN A 10.96.77.1`] },
        { query: `web.${svc} AAAA`, ...negative },
        {
          query: `_http._tcp.web.${svc} SRV`,
          answer: [`_http._tcp.web.${svc} 30 IN SRV 0 100 80 web.${svc}`],
          additional: [`web.${svc} 30 IN A 10.96.77.1`],
        },
        {
          query: '1.77.96.10.in-addr.arpa. PTR',
          answer: [`1.77.96.10.in-addr.arpa. 30 IN PTR web.${svc}`],
        },
        {
          query: `db.${svc} A`,
          answer: [`db.${svc} 30 IN A 10.244.7.1`, `db.${svc} 30 IN A 10.244.7.2`],
        },
        { query: `db-0.db.${svc} A`, answer: [`db-0.db.${svc} 30 IN A 10.244.7.1`] },
        {
          query: '1.7.244.10.in-addr.arpa. PTR',
          answer: [`1.7.244.10.in-addr.arpa. 30 IN PTR db-0.db.${svc}`],
        },
        { query: `missing.${svc} A`, rcode: 'NXDOMAIN', ...negative },
        { query: 'www.example.com. A', aa: false, answer: ['www.example.com. 30 IN A 192.0.2.1'] },
      ])
    })

    await t.test(
      'goes on with the token that the kubelet puts in the place of the first',
      async t => {
        const first = cluster.token
        await cluster.replaceToken()
        // Whoever watches is not asked again; after this everybody is.
        await cluster.plane.restartApiServer({ emptyWatchCache: false })
        t.equal(await cluster.isGood(first), false)
        await client.apply(objects.replaceAll(/\bdb\b/g, 'later'))
        await becomes(t, 'later.default.svc', 'A 10.244.7.1, A 10.244.7.2')
        t.notMatch(container.out, /Unauthorized/)
      },
    )

    await t.test('ends in order, and loses no answer until then', async t => {
      const { memoryLimitBytes } = pod
      const name = 'web.default.svc.cluster.local'
      await checkOrderlyEnd(t, { container, address: podAddress, name, memoryLimitBytes })
    })
  })

  await t.test('without the right to read endpointslices', async t => {
    await grantCoredns(client, 'endpointslices')
    using container = new RuncContainer({ ...pod, image: images.signpost })
    await container.says(/^\.:53$[^]*Signpost-/m)
    const complaints = container.out
      .split('\n')
      .filter(line => /^\[(WARNING|ERROR)\].*cannot/.test(line))
    t.equal(complaints.length, 1, complaints.join('\n'))
    t.match(
      complaints[0],
      /"system:serviceaccount:kube-system:coredns" cannot (list|watch) resource "endpointslices" in API group "discovery.k8s.io"/,
    )
    t.equal(await statusOf(`${podAddress}:8181/ready`), 503)
    t.equal(await ask('missing.default.svc'), 'SERVFAIL')
    await grantCoredns(client)
    await becomes(t, 'missing.default.svc', 'NXDOMAIN')
    t.equal(await statusOf(`${podAddress}:8181/ready`), 200, 'with the right, and no restart')
  })

  await t.test('without any capability, on port 1053', async t => {
    const unprivileged = {
      ...pod,
      ...cluster.podWith('manifests/dns/Corefile'),
      args: [...pod.args, '-dns.port', '1053'],
      security: { capabilities: [] },
      image: images.unprivileged,
    }
    using container = new RuncContainer(unprivileged)
    await container.says(/^\.:1053$[^]*Signpost-/m)
    await checkCases(t, askOverUdp(`${podAddress}:1053`), [
      { query: `web.${svc} A`, answer: [`web.${svc} 30 IN A 10.96.77.1`] },
    ])
  })
}

async function specOf(cluster: DropInCluster): Promise<object> {
  const { spec } = (await cluster.plane.client.send('GET', deploymentPath)) as { spec: object }
  return spec
}

/** The same text but for the one image. */
function withImage(spec: object, name: string): object {
  return JSON.parse(JSON.stringify(spec).replace(/"image":"[^"]*"/, `"image":"${name}"`)) as object
}
