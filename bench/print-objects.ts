/**
 * `node bench/print-objects.ts > FILE`: the objects of the big cluster as manifests, with the addresses that its Services have in a
 * run, for a server that is to be measured beside.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseCidr } from '../src/lib/cidr.ts'
import { ManifestFolder } from '../src/sources/manifest-folder.ts'
import { StandaloneCluster } from '../src/sources/standalone-cluster.ts'
import { toApiObject } from '../test/support/api-objects.ts'
import { bigCluster } from './bench.ts'
import { generateManifests } from './generate-manifests.ts'
import { podCidr } from './signpost-server.ts'

const silent = { info() {}, warn() {}, error() {} }
const temporary = await mkdtemp(join(tmpdir(), 'signpost-bench-objects-'))
try {
  await generateManifests(temporary, { ...bigCluster, form: 'slices' })
  await using folder = await ManifestFolder.open(temporary, { logger: silent })
  const cluster = new StandaloneCluster({
    serviceCidrs: [parseCidr('10.96.0.0/16')!],
    podCidrs: [parseCidr(podCidr)!],
    workloads: 'run',
  })
  const { changes } = cluster.apply(await folder.read(), { isWhole: true })
  for (const change of changes) {
    if (change.type === 'upsert')
      process.stdout.write(`---\n${JSON.stringify(toApiObject(change.object))}\n`)
  }
} finally {
  await rm(temporary, { recursive: true })
}
