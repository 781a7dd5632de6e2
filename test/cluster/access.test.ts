/** The ways to an API server, and what is said and answered where it lets us see nothing. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { whyNoControlPlane } from '../support/control-plane-assets.ts'
import { ControlPlane } from '../support/control-plane.ts'
import { FakeKubelet } from '../support/fake-kubelet.ts'
import { freePort } from '../support/free-port.ts'
import { ServedCluster } from '../support/served-cluster.ts'
import { SeverableProxy } from '../support/severable-proxy.ts'

const resources = ['services', 'endpointslices', 'namespaces']
const pod =
  '{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {nodeName: worker, containers: [{name: c, image: none}]}}'

t.test('access', { skip: whyNoControlPlane() ?? false }, async t => {
  await using plane = await ControlPlane.start()
  const kubernetes = 'kubernetes.default.svc'

  await t.test('an account that may nothing: SERVFAIL, and what it would need', async t => {
    await using served = await ServedCluster.open(
      '--kubeconfig',
      await plane.kubeconfig('powerless'),
    )
    const complaints = await served.complains(resources.length)
    for (const resource of resources) {
      const account = 'system:serviceaccount:kube-system:powerless'
      const line = new RegExp(`"${account}" cannot (list|watch) resource "${resource}"`)
      t.equal(complaints.filter(text => line.test(text)).length, 1, `one line about ${resource}`)
    }
    t.equal(await served.ask(kubernetes), 'SERVFAIL')
    t.equal(await served.ask('missing.default.svc'), 'SERVFAIL')
    t.same(served.complaints, complaints, 'and no more while it tries again')
  })

  await t.test('names of pods that are there, with the rights of CoreDNS', async t => {
    const kubelet = await FakeKubelet.start(plane.client)
    await plane.client.apply(pod)
    await kubelet.says('p', 'ready', '10.244.1.3')
    const kubeconfig = await plane.kubeconfig('coredns')
    await using served = await ServedCluster.start(kubeconfig, '--pods', 'verified')
    t.equal(await served.ask('10-244-1-3.default.pod'), 'A 10.244.1.3')
    t.equal(await served.ask('10-244-1-4.default.pod'), 'NXDOMAIN')
    await kubelet.end('p')
    await served.becomes(t, '10-244-1-3.default.pod', 'NXDOMAIN')
    t.strictSame(served.complaints, [])
  })

  await t.test('the API server is away at the start: SERVFAIL until it is there', async t => {
    await using proxy = await SeverableProxy.start(plane.server)
    proxy.sever()
    await using served = await ServedCluster.open(
      '--kubeconfig',
      await plane.kubeconfig('coredns', proxy.server),
    )
    await served.becomes(t, kubernetes, 'SERVFAIL')
    t.equal(await served.ask('missing.default.svc'), 'SERVFAIL')
    proxy.mend()
    await served.becomes(t, kubernetes, 'A 10.96.0.1')
    // What has been listed is answered; what is not there is known only when everything has been.
    await served.becomes(t, 'missing.default.svc', 'NXDOMAIN')
  })

  const blocks = {
    kubeconfig: `kubeconfig ${await plane.kubeconfig('coredns')} here`,
    'endpoint and tls': `endpoint ${plane.server}\n    tls ${plane.admin.cert} ${plane.admin.key} ${plane.ca}`,
  }
  for (const [name, lines] of Object.entries(blocks)) {
    await t.test(`a Corefile with ${name}`, async t => {
      const path = join(plane.folder, 'Corefile')
      writeFileSync(path, `.:53 {\n  kubernetes cluster.local {\n    ${lines}\n  }\n}\n`)
      await using served = await ServedCluster.open('--conf', path)
      await served.becomes(t, kubernetes, 'A 10.96.0.1')
    })
  }

  await t.test('/ready: not before the first sync, and then for ever', async t => {
    await using proxy = await SeverableProxy.start(plane.server)
    proxy.sever()
    const port = await freePort()
    const path = join(plane.folder, 'Corefile')
    const kubeconfig = await plane.kubeconfig('coredns', proxy.server)
    const lines = `kubernetes cluster.local {\n    kubeconfig ${kubeconfig}\n  }\n  ready 127.0.0.1:${port}`
    writeFileSync(path, `.:53 {\n  ${lines}\n}\n`)
    await using served = await ServedCluster.open('--conf', path)
    const status = async (): Promise<number> =>
      (await fetch(`http://127.0.0.1:${port}/ready`)).status
    await served.becomes(t, kubernetes, 'SERVFAIL')
    t.equal(await status(), 503)
    proxy.mend()
    await served.becomes(t, kubernetes, 'A 10.96.0.1')
    await served.becomes(t, 'missing.default.svc', 'NXDOMAIN')
    t.equal(await status(), 200)
    proxy.sever()
    await proxy.isTried()
    t.equal(await status(), 200)
    t.equal(await served.ask(kubernetes), 'A 10.96.0.1')
  })
})
