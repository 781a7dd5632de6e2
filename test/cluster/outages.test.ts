/** A real API server that goes away and comes back, and what is answered meanwhile and after. */
import t, { type Test } from 'tap'
import type { ApiManifest } from '../support/api-paths.ts'
import { whyNoControlPlane } from '../support/control-plane-assets.ts'
import { ControlPlane } from '../support/control-plane.ts'
import { answerOf, headless, servicesOfMany, slicesOf } from '../support/many-slices.ts'
import { ServedCluster } from '../support/served-cluster.ts'
import { ServiceChurn } from '../support/service-churn.ts'
import { SeverableProxy } from '../support/severable-proxy.ts'
import { SteadyQuestions } from '../support/steady-questions.ts'

const stableServices = 100
const many = Array.from({ length: servicesOfMany }, (_, i) => i)

function fixed(i: number): ApiManifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `fixed-${i}` },
    spec: { clusterIP: `10.96.1.${i}`, ports: [{ port: 80 }] },
  }
}

async function checkMany(t: Test, served: ServedCluster, namespace: string): Promise<void> {
  for (const i of many) await served.becomes(t, `m${i}.${namespace}.svc`, answerOf(i))
}

t.test('outages', { skip: whyNoControlPlane() ?? false }, async t => {
  await using plane = await ControlPlane.start()
  const { client } = plane
  await using proxy = await SeverableProxy.start(plane.server)
  await client.putAll(Array.from({ length: stableServices }, (_, i) => fixed(i)))
  await using served = await ServedCluster.start(await plane.kubeconfig('coredns', proxy.server))
  const stable = new Map(
    Array.from({ length: stableServices }, (_, i) => [
      `fixed-${i}.default.svc.cluster.local`,
      `10.96.1.${i}`,
    ]),
  )

  for (const emptyWatchCache of [false, true]) {
    const name = `the API server is killed and started under load, ${emptyWatchCache ? 'with' : 'without'} an emptied watch cache`
    await t.test(name, async t => {
      await using questions = new SteadyQuestions(served.port, stable)
      const churn = new ServiceChurn(client)
      await churn.steps(100)
      await plane.restartApiServer({ emptyWatchCache })
      await churn.steps(100)
      const changes = await churn.end()
      for (const [service, address] of changes)
        await served.becomes(t, `${service}.default.svc`, address ? `A ${address}` : 'NXDOMAIN')
      const lost = await questions.lost()
      t.same({ lost, wrong: questions.wrong }, { lost: 0, wrong: [] }, `${questions.asked} asked`)
    })
  }

  for (const emptyWatchCache of [false, true]) {
    const cache = emptyWatchCache ? 'is restarted with an empty one' : 'has them in its cache'
    await t.test(`1,000 slices deleted while away, and the server ${cache}`, async t => {
      const namespace = emptyWatchCache ? 'relisted' : 'resumed'
      await client.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
      const slices = many.flatMap(i => slicesOf(i, namespace))
      await client.putAll([...many.map(i => headless(i, namespace)), ...slices])
      await checkMany(t, served, namespace)

      await using questions = new SteadyQuestions(served.port, stable)
      proxy.sever()
      // One stays, with what is new.
      await client.deleteAll(slices.slice(1))
      await client.put(headless(1000, namespace))
      if (emptyWatchCache) await plane.restartApiServer({ emptyWatchCache })
      t.equal(await served.ask(`m7.${namespace}.svc`), answerOf(7), 'the last known state')
      t.equal(await served.ask(`10-1-7-3.m7.${namespace}.svc`), 'A 10.1.7.3')
      proxy.mend()
      await served.becomes(t, `m99.${namespace}.svc`, 'NXDOMAIN')
      await served.becomes(t, `m0.${namespace}.svc`, 'A 10.1.0.0')
      for (const i of many.slice(1)) await served.becomes(t, `m${i}.${namespace}.svc`, 'NXDOMAIN')
      await served.becomes(t, `3.7.1.10.in-addr.arpa PTR`, 'NXDOMAIN')
      const lost = await questions.lost()
      t.same({ lost, wrong: questions.wrong }, { lost: 0, wrong: [] }, `${questions.asked} asked`)
    })
  }

  await t.test('a server that cannot stream lists is read in pages', async t => {
    await client.putAll(many.flatMap(i => slicesOf(i, 'resumed')))
    await plane.stopApiServer()
    await plane.startApiServer('--feature-gates=WatchList=false')
    await using other = await ServedCluster.start(await plane.kubeconfig('coredns'))
    await checkMany(t, other, 'resumed')
    await client.deleteAll(slicesOf(3, 'resumed'))
    await other.becomes(t, 'm3.resumed.svc', 'NXDOMAIN')
    await served.becomes(t, 'm3.resumed.svc', 'NXDOMAIN')
  })
})
