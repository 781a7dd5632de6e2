/** Services that are created through the review, at a real API server, which arbitrates. */
import t, { type Test } from 'tap'
import { KubeAccess } from '../../src/access/kube-access.ts'
import { AddressPool } from '../../src/clusterip/address-pool.ts'
import { hashText } from '../../src/lib/hash.ts'
import { parseCidr } from '../../src/lib/cidr.ts'
import type { ClusterClient } from '../support/cluster-client.ts'
import { whyNoControlPlane } from '../support/control-plane-assets.ts'
import { ControlPlane } from '../support/control-plane.ts'
import { ReviewingReplicas } from '../support/reviewing-replicas.ts'

const cidrs = ['10.96.0.0/16', 'fd00:96::/112']
const services = '/api/v1/namespaces/default/services'
/** Addresses in the dynamic band of the first one. */
const places = 65_534 - 256

interface Stored {
  readonly spec: { readonly clusterIP: string; readonly clusterIPs: readonly string[] }
}

type Creator = (name: string, spec?: object) => Promise<Stored>

function creatorOf(client: ClusterClient, replicas: ReviewingReplicas): Creator {
  return async (name, spec = {}) => {
    const object = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { ports: [{ port: 80 }], ...spec },
    }
    const patched = await replicas.patched({ name, object })
    return (await client.send('POST', services, patched)) as Stored
  }
}

/** Pairs of names that lead to the same address, apart from each other. */
function pairedNames(prefix: string, count: number): readonly string[] {
  const names = Array.from({ length: 12_000 }, (_, i) => `${prefix}-${i}`)
  const byPlace = Map.groupBy(names, name => hashText(`default/${name}`) % places)
  return [...byPlace.values()]
    .filter(group => group.length > 1)
    .flat()
    .slice(0, count)
}

t.test('addresses of Services', { skip: whyNoControlPlane() ?? false }, async t => {
  await using plane = await ControlPlane.start({ serviceCidrs: cidrs.join() })
  const { client } = plane
  const kubeconfig = await plane.kubeconfig('admin')
  const access = KubeAccess.open({ from: 'kubeconfig', files: [kubeconfig] })
  // The API server and its controllers make and finish these on their own.
  await client.until('/apis/networking.k8s.io/v1/servicecidrs', items => items.length > 0)

  await t.test('of each type and policy', async t => {
    await using replicas = await ReviewingReplicas.start(access, 1)
    const create = creatorOf(client, replicas)
    const home = (name: string, index: 0 | 1): string | undefined =>
      new AddressPool([parseCidr(cidrs[index]!)!]).homeOf(`default/${name}`)
    const both = { ipFamilyPolicy: 'PreferDualStack' }
    const cases: [name: string, spec: object, families: readonly (0 | 1)[]][] = [
      ['plain', {}, [0]],
      ['node-port', { type: 'NodePort' }, [0]],
      ['balanced', { type: 'LoadBalancer' }, [0]],
      ['six', { ipFamilies: ['IPv6'] }, [1]],
      ['both', both, [0, 1]],
      ['required', { ipFamilyPolicy: 'RequireDualStack' }, [0, 1]],
      ['turned', { ...both, ipFamilies: ['IPv6', 'IPv4'] }, [1, 0]],
      ['turned-short', { ...both, ipFamilies: ['IPv6'] }, [1, 0]],
    ]
    for (const [name, spec, families] of cases) {
      const { clusterIPs } = (await create(name, spec)).spec
      t.same(
        clusterIPs,
        families.map(index => home(name, index)),
        name,
      )
    }
    const partial = await create('partial', { ...both, clusterIP: 'fd00:96::9' })
    t.same(partial.spec.clusterIPs, ['fd00:96::9', home('partial', 0)])
    t.equal((await create('headless', { clusterIP: 'None' })).spec.clusterIP, 'None')
    await t.rejects(create('plain'), { cause: 409 }, 'a name that is there')
  })

  for (const disturbance of ['none', 'one dies'] as const) {
    await t.test(`500 at once over 3 replicas: ${disturbance}`, async t => {
      await using replicas = await ReviewingReplicas.start(access, 3)
      const create = creatorOf(client, replicas)
      const names = pairedNames(disturbance === 'none' ? 'calm' : 'storm', 500)
      const startedAt = performance.now()
      const creations = names.slice(0, 200).map(name => create(name))
      if (disturbance === 'one dies') await Promise.race(creations)
      creations.push(...names.slice(200).map(name => create(name)))
      // Some of what it was asked it has answered, some it has not.
      if (disturbance === 'one dies') replicas.kill()
      const outcomes = await Promise.allSettled(creations)
      t.comment(`${Math.round(performance.now() - startedAt)} ms`)
      const addresses = outcomes.flatMap(one =>
        one.status === 'fulfilled' ? one.value.spec.clusterIP : [],
      )
      const failures = outcomes.flatMap(one => (one.status === 'rejected' ? [one.reason] : []))
      // Where a replica is dead the API server chooses at random: one in some hundred hits an address that is being answered.
      const byServer = addresses.filter(address => !replicas.answered.has(address))
      const ours = failures.map(String).filter(text => !byServer.some(one => text.includes(one)))
      t.strictSame(ours, [])
      t.equal(new Set(addresses).size, 500 - failures.length)
      t.comment(`${byServer.length} left to the API server, ${failures.length} hit`)
      if (disturbance === 'none') t.equal(byServer.length + failures.length, 0)
      if (disturbance === 'none') await recreate(t, { client, create, names, addresses })
      await client.deleteAll(names.map(serviceOf))
    })
  }
})

interface Recreated {
  readonly client: ClusterClient
  readonly create: Creator
  readonly names: readonly string[]
  readonly addresses: readonly string[]
}

/** One after the other and at once, which is sooner than watches say it. */
async function recreate(t: Test, { client, create, names, addresses }: Recreated): Promise<void> {
  const again = [...names.keys()].filter(index => index % 10 === 0)
  const got: string[] = []
  for (const index of again) {
    await client.delete(`${services}/${names[index]}`)
    got.push((await create(names[index]!)).spec.clusterIP)
  }
  t.same(
    got,
    again.map(index => addresses[index]),
    'the same again',
  )
}

function serviceOf(name: string): { apiVersion: string; kind: string; metadata: { name: string } } {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name } }
}
