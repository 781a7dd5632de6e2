/**
 * Times the steps of the control thread apart: `node bench/in-process.ts MANIFESTS PODCIDR CHANGES` prints a JSON object
 * of InProcessTimes. In a process of its own, so that every run starts cold as the program does.
 */
import { AnswerWriter } from '../src/answers/answer-writer.ts'
import { parseCidr } from '../src/lib/cidr.ts'
import type { Change } from '../src/objects/change.ts'
import type { EndpointSlice } from '../src/objects/endpoint-slice.ts'
import type { Service } from '../src/objects/service.ts'
import { ManifestFolder } from '../src/sources/manifest-folder.ts'
import { StandaloneCluster } from '../src/sources/standalone-cluster.ts'
import { ServiceStore } from '../src/store/service-store.ts'
import { ClusterZone } from '../src/zone/cluster-zone.ts'
import { createRandom } from './statistics.ts'

export interface InProcessTimes {
  readonly readMs: number
  /** StandaloneCluster.apply: addresses of services, pods of workloads, endpoints. */
  readonly allocateMs: number
  /** Store, zone and answer table. */
  readonly compileMs: number
  /** The same for one changed service with its slice at a time, in the loaded cluster. */
  readonly changeMs: readonly number[]
}

const [manifests, podCidr, changeCount] = process.argv.slice(2)
const seed = 2
const silent = { info() {}, warn() {}, error() {} }

const startedAt = performance.now()
await using folder = await ManifestFolder.open(manifests!, { logger: silent })
const batch = await folder.read()
const readAt = performance.now()
const cluster = new StandaloneCluster({
  serviceCidrs: [parseCidr('10.96.0.0/16')!],
  podCidrs: [parseCidr(podCidr!)!],
  workloads: 'run',
})
const changes = cluster.apply(batch, { isWhole: true }).changes.filter(isNoPod)
const allocatedAt = performance.now()
const store = new ServiceStore()
const answers = new AnswerWriter()
const zone = new ClusterZone({ zone: 'cluster.local', pods: 'insecure' }, answers)
apply(changes)
answers.markComplete()
const compiledAt = performance.now()

const times: InProcessTimes = {
  readMs: readAt - startedAt,
  allocateMs: allocatedAt - readAt,
  compileMs: compiledAt - allocatedAt,
  changeMs: timeChanges(Number(changeCount)),
}
process.stdout.write(`${JSON.stringify(times)}\n`)

function apply(step: readonly Change[]): void {
  zone.apply(store.apply(step), Math.floor(Date.now() / 1000))
  answers.endBatch()
}

function timeChanges(count: number): number[] {
  const random = createRandom(seed)
  const services = [...store.namespaces()]
    .flatMap(({ name }) => [...store.services(name)])
    .filter(({ service, slices }) => service && slices.length > 0)
  return Array.from({ length: count }, () => {
    const { namespace, name } = services[Math.floor(random() * services.length)]!
    const { service, slices } = store.service(namespace, name)!
    const step: Change[] = [
      { type: 'upsert', object: withOtherPorts(service!) },
      { type: 'upsert', object: withOtherEndpoints(slices[0]!) },
    ]
    const from = performance.now()
    apply(step)
    return performance.now() - from
  })
}

function withOtherPorts(service: Service): Service {
  return { ...service, ports: service.ports.map(port => ({ ...port, port: port.port + 1 })) }
}

/** Addresses that nobody has: 10.128… becomes 11.128… and so on. */
function withOtherEndpoints(slice: EndpointSlice): EndpointSlice {
  return {
    ...slice,
    endpoints: slice.endpoints.map(endpoint => ({
      ...endpoint,
      address: endpoint.address.replace(/^\d+/, first => String(Number(first) + 1)),
    })),
  }
}

function isNoPod(change: Change): boolean {
  return (change.type === 'upsert' ? change.object.kind : change.kind) !== 'Pod'
}
