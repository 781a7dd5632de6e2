import t from 'tap'
import type { Change } from '../objects/change.ts'
import {
  type EndpointSlice,
  reduceEndpoints,
  reduceEndpointSlice,
} from '../objects/endpoint-slice.ts'
import { reduceService, type Service } from '../objects/service.ts'
import { GivenSlices } from './given-slices.ts'

const web = { namespace: 'default', name: 'web' }
const own = reduceEndpointSlice({
  metadata: { ...web, name: 'web-own', labels: { 'kubernetes.io/service-name': 'web' } },
  addressType: 'IPv4',
})
const mirror = reduceEndpoints({
  metadata: web,
  subsets: [{ addresses: [{ ip: '192.0.2.1' }], ports: [{ port: 80 }] }],
})[0]!

function serviceOf(selector: Readonly<Record<string, string>> | undefined): Service {
  return reduceService({ metadata: web, spec: { selector, ports: [{ port: 80 }] } })
}

/** `+web-own` for what counts from now on, `-web-own` for what does not any more. */
function words(changes: readonly Change[]): string {
  return changes
    .map(change => (change.type === 'upsert' ? `+${change.object.name}` : `-${change.name}`))
    .join(' ')
}

type Step = (slices: GivenSlices) => Change[]

const put =
  (slice: EndpointSlice): Step =>
  slices =>
    slices.upsert(slice)
const remove =
  (slice: EndpointSlice): Step =>
  slices =>
    slices.delete(slice)
const selecting: Step = slices => slices.follow(web, serviceOf({ app: 'web' }))
const selectorless: Step = slices => slices.follow(web, serviceOf(undefined))
const gone: Step = slices => slices.follow(web, undefined)

const scenarios: Readonly<Record<string, readonly (readonly [step: Step, changes: string])[]>> = {
  'a slice that is no mirror is passed on whatever the Service is': [
    [selecting, ''],
    [put(own), '+web-own'],
    [selectorless, ''],
    [remove(own), '-web-own'],
  ],
  'a mirror counts without a Service and for one without a selector': [
    [put(mirror), '+web~0-ipv4'],
    [selectorless, ''],
    [put(mirror), '+web~0-ipv4'],
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
    [remove(mirror), '-web~0-ipv4'],
    [selectorless, ''],
    [put(mirror), '+web~0-ipv4'],
  ],
}

for (const [name, steps] of Object.entries(scenarios)) {
  t.test(`GivenSlices: ${name}`, async t => {
    const slices = new GivenSlices()
    for (const [position, [step, changes]] of steps.entries())
      t.equal(words(step(slices)), changes, `step ${position + 1}`)
  })
}
