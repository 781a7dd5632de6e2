import t, { type Test } from 'tap'
import { randomOf, seed } from '../../test/support/random.ts'
import { SimulatedCluster } from '../../test/support/simulated-cluster.ts'
import { AddressPool } from '../clusterip/address-pool.ts'
import { parseCidr } from '../lib/cidr.ts'
import { hashText } from '../lib/hash.ts'

const cidr = '10.96.0.0/16'
const runs = 12
/** Addresses in the dynamic band of a /16. */
const places = 65_534 - 256

/** Names in pairs that lead to the same address. */
function pairedNames(count: number, below: (bound: number) => number): readonly string[] {
  const random = Array.from({ length: 10_000 }, () => `default/web-${below(1 << 30)}`)
  const byPlace = Map.groupBy(new Set(random), key => hashText(key) % places)
  const paired = [...byPlace.values()].filter(keys => keys.length > 1)
  return paired.flat().slice(0, count)
}

t.comment(`SEED=${seed}`)

for (const disturbance of ['none', 'one dies', 'one dies and comes back', 'one comes'] as const) {
  t.test(`several replicas answer no address twice: ${disturbance}`, async t => {
    let byServer = 0
    for (let run = 0; run < runs; run++) {
      const below = randomOf(seed + run)
      const cluster = new SimulatedCluster({ replicas: 2 + below(3), cidr, below })
      const keys = pairedNames(120, below)
      const disturb = async (): Promise<void> => {
        await cluster.time.sleep(below(60))
        const { name } = cluster.alive[below(cluster.alive.length)]!
        if (disturbance === 'none') return
        if (disturbance === 'one comes') return cluster.start('10.244.0.99:8443')
        await cluster.kill(name)
        if (disturbance === 'one dies and comes back') await cluster.start(name)
      }
      const create = async (key: string): Promise<string> => {
        await cluster.time.sleep(below(300))
        return cluster.create(key)
      }
      const [outcomes] = await cluster.time.during(
        Promise.all([Promise.all(keys.map(create)), disturb()]),
      )
      const ofTheWebhook = cluster.collisions.filter(text => text.endsWith(' webhook'))
      t.strictSame(ofTheWebhook, [], `run ${run}`)
      const refused = outcomes.filter(outcome => outcome !== 'created').length
      t.equal(refused, cluster.collisions.length, `run ${run}: nothing else is refused`)
      byServer += cluster.chosenByServer.size
      await recreate(t, cluster, below)
    }
    t.comment(`${byServer} of ${runs * 120} left to the API server`)
    if (disturbance === 'none') t.equal(byServer, 0)
  })
}

t.test('the same Service twice at once is created once, and its name is what is taken', async t => {
  for (let run = 0; run < runs; run++) {
    const below = randomOf(seed + run)
    const cluster = new SimulatedCluster({ replicas: 3, cidr, below })
    const twice = Array.from({ length: 20 }, (_, i) => {
      const key = `default/web-${i}`
      return Promise.all([cluster.create(key), cluster.create(key)])
    })
    for (const outcomes of await cluster.time.during(Promise.all(twice)))
      t.same(outcomes.toSorted(), ['created', 'exists'], `run ${run}`)
  }
})

/** Those that have what their names lead to, now that all is quiet. */
function stableKeys({ services }: SimulatedCluster): readonly string[] {
  const pool = new AddressPool([parseCidr(cidr)!])
  for (const [key, address] of services) pool.take(address, key)
  return [...services].flatMap(([key, address]) => {
    pool.release(address, key)
    const isStable = pool.candidates(key, 1)[0] === address
    pool.take(address, key)
    return isStable ? [key] : []
  })
}

/** Some of them again, one after the other: the address is the same. */
async function recreate(
  t: Test,
  cluster: SimulatedCluster,
  below: (bound: number) => number,
): Promise<void> {
  await cluster.time.during(cluster.time.sleep(61_000))
  const keys = stableKeys(cluster)
  const share = keys.length / (cluster.services.size - cluster.chosenByServer.size)
  t.ok(share > 0.9, `${share} of the names have their address`)
  for (let i = 0; i < 10; i++) {
    const key = keys[below(keys.length)]!
    const before = cluster.services.get(key)
    await cluster.time.during(cluster.delete(key).then(() => cluster.create(key)))
    t.equal(cluster.services.get(key), before, key)
    await cluster.time.during(cluster.time.sleep(2000))
  }
}
