import t from 'tap'
import type { Change } from '../objects/change.ts'
import {
  type EndpointSlice,
  reduceEndpoints,
  reduceEndpointSlice,
} from '../objects/endpoint-slice.ts'
import { reduceService, type Service } from '../objects/service.ts'
import { GivenSlices } from './given-slices.ts'

const managedBy = 'endpointslice.kubernetes.io/managed-by'
const web = { namespace: 'default', name: 'web' }
const own = sliceOf('own', {})
const fromPods = sliceOf('pods', { [managedBy]: 'endpointslice-controller.k8s.io' })
const fromEndpoints = sliceOf('eps', { [managedBy]: 'endpointslicemirroring-controller.k8s.io' })
const endpoints = {
  metadata: web,
  subsets: [{ addresses: [{ ip: '192.0.2.1' }], ports: [{ port: 80 }] }],
}
const mirror = reduceEndpoints(endpoints)[0]!

function sliceOf(name: string, labels: Readonly<Record<string, string>>): EndpointSlice {
  const metadata = { ...web, name, labels: { 'kubernetes.io/service-name': 'web', ...labels } }
  return reduceEndpointSlice({ metadata, addressType: 'IPv4' })
}

function serviceOf(selector: Readonly<Record<string, string>> | undefined): Service {
  return reduceService({ metadata: web, spec: { selector, ports: [{ port: 80 }] } })
}

/** `+own` for what counts from now on, `-own` for what does not any more. */
function words(changes: readonly Change[]): string {
  return changes
    .map(change => (change.type === 'upsert' ? `+${change.object.name}` : `-${change.name}`))
    .join(' ')
}

/** Whether endpoints of the Service are computed, and the slices that are told of it. */
interface Scene {
  readonly slices: GivenSlices
  isComputed: boolean
}
type Step = (scene: Scene) => void

const put =
  (...given: readonly EndpointSlice[]): Step =>
  ({ slices }) => {
    for (const slice of given) slices.upsert(slice)
  }
const remove =
  (slice: EndpointSlice): Step =>
  ({ slices }) =>
    slices.delete(slice)
const selecting: Step = ({ slices }) => slices.follow(web, serviceOf({ app: 'web' }))
const selectorless: Step = ({ slices }) => slices.follow(web, serviceOf(undefined))
const gone: Step = ({ slices }) => slices.follow(web, undefined)
const computed: Step = scene => void (scene.isComputed = true)
const notComputed: Step = scene => void (scene.isComputed = false)

const scenarios: Readonly<Record<string, readonly (readonly [step: Step, changes: string])[]>> = {
  'a slice made by hand counts whatever the Service is': [
    [selecting, ''],
    [put(own), '+own'],
    [computed, ''],
    [selectorless, ''],
    [remove(own), '-own'],
  ],
  'a mirror counts without a Service and for one without a selector': [
    [put(mirror), '+web~0-ipv4'],
    [selectorless, ''],
    [put({ ...mirror }), '+web~0-ipv4'],
    [gone, ''],
    [remove(mirror), '-web~0-ipv4'],
  ],
  'a mirror stops to count when its Service gets a selector, and counts again without': [
    [put(mirror), '+web~0-ipv4'],
    [selecting, '-web~0-ipv4'],
    [selecting, ''],
    [put(mirror), ''],
    [selectorless, '+web~0-ipv4'],
    [selecting, '-web~0-ipv4'],
    [gone, '+web~0-ipv4'],
  ],
  'a mirror that is gone is not brought back': [
    [put(mirror), '+web~0-ipv4'],
    [selecting, '-web~0-ipv4'],
    [remove(mirror), ''],
    [selectorless, ''],
    [put(mirror), '+web~0-ipv4'],
  ],
  'a slice made from pods counts while none is computed': [
    [selecting, ''],
    [put(fromPods), '+pods'],
    [computed, '-pods'],
    [put({ ...fromPods }), ''],
    [notComputed, '+pods'],
    [remove(fromPods), '-pods'],
    [computed, ''],
  ],
  'a slice made from Endpoints counts while the Endpoints are not there': [
    [put(fromEndpoints), '+eps'],
    [put(mirror), '-eps +web~0-ipv4'],
    [remove(mirror), '-web~0-ipv4 +eps'],
  ],
  'a slice may become one made by hand': [
    [put(fromPods), '+pods'],
    [computed, '-pods'],
    [put(sliceOf('pods', {})), '+pods'],
    [put(fromPods), '-pods'],
  ],
  'a slice may go to another Service': [
    [put(own), '+own'],
    [put({ ...own, serviceName: 'other' }), '-own +own'],
    [remove(own), '-own'],
  ],
}

for (const [name, steps] of Object.entries(scenarios)) {
  t.test(`GivenSlices: ${name}`, async t => {
    const scene: Scene = { slices: new GivenSlices(() => scene.isComputed), isComputed: false }
    for (const [position, [step, changes]] of steps.entries()) {
      step(scene)
      t.equal(words(scene.slices.settle()), changes, `step ${position + 1}`)
    }
  })
}

t.test('Endpoints that are not to be mirrored have no mirrors', async t => {
  const labels = { 'endpointslice.kubernetes.io/skip-mirror': 'true' }
  t.strictSame(reduceEndpoints({ ...endpoints, metadata: { ...web, labels } }), [])
})
