/** What kubectl exported from a cluster, as a folder of manifests: it has the endpoints that the cluster had. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { runHere } from './support/cli-run.ts'

const exported = await readFile('test/fixtures/exported-cluster.yaml', 'utf8')
const items = exported
  .slice(exported.indexOf('- '), exported.indexOf('kind: List'))
  .split(/^(?=- )/m)

/** `web 10.244.1.7 yes`, or `web made-up yes` for an address of a pod that a workload was run as. */
async function endpointsOf(kinds: RegExp, ...flags: readonly string[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'signpost-'))
  try {
    const chosen = items.filter(item => kinds.test(/^ {2}kind: (.*)$/m.exec(item)![1]!))
    const list = `apiVersion: v1\nkind: List\nitems:\n${chosen.join('')}`
    await writeFile(join(folder, 'cluster.yaml'), list)
    const { out, err } = await runHere(['endpoints', '--manifests', folder, ...flags])
    t.equal(err, '')
    const rows = out.trim().split('\n').slice(1)
    return rows
      .map(row => row.split(/ {2,}/))
      .filter(([namespace]) => namespace === 'shop')
      .map(([, service, address = '', , , ready]) => {
        const isReal = exported.includes(`ip: ${address}\n`)
        return `${service} ${isReal ? address : 'made-up'} ${ready}`
      })
  } finally {
    await rm(folder, { recursive: true })
  }
}

const web = ['web 10.244.1.7 yes', 'web 10.244.2.5 yes', 'web 10.244.2.9 no']
const db = ['db 10.244.1.12 yes', 'db 10.244.2.11 yes']
const legacy = ['legacy 192.0.2.10 yes']
const madeUp = ['db made-up yes', 'db made-up yes', ...Array(3).fill('web made-up yes')]

const cases: readonly [name: string, kinds: RegExp, endpoints: readonly string[]][] = [
  ['everything', /./, [...db, ...legacy, ...web]],
  ['without slices', /^(?!EndpointSlice)/, [...db, ...legacy, ...web]],
  ['without Endpoints', /^(?!Endpoints$)/, [...db, ...legacy, ...web]],
  ['kubectl get all', /^(?!Endpoint)/, [...db, ...web]],
  ['without ReplicaSets', /^(?!ReplicaSet|Endpoint)/, [...db, ...web]],
  ['Services and pods', /^(Service|Pod)$/, [...db, ...web]],
  ['Services and slices', /^(Service|EndpointSlice)$/, [...db, ...legacy, ...web]],
  ['Services and workloads', /^(?!Pod|Endpoint)/, madeUp],
  ['Services and ReplicaSets', /^(Service|ReplicaSet)$/, madeUp.slice(2)],
]

for (const [name, kinds, endpoints] of cases) {
  t.test(`an exported cluster has its own endpoints: ${name}`, async t => {
    t.strictSame(await endpointsOf(kinds), endpoints)
  })
}

t.test('an exported cluster has its own endpoints when no workload is run', async t => {
  t.strictSame(await endpointsOf(/./, '--no-workloads'), [...db, ...legacy, ...web])
})
