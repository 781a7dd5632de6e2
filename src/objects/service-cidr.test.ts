import t from 'tap'
import { reduceServiceCidr } from './service-cidr.ts'

t.test('reduceServiceCidr() keeps the networks', async t => {
  const api = { metadata: { name: 'kubernetes' }, spec: { cidrs: ['10.96.0.0/16', 'fd00::/112'] } }
  t.same(reduceServiceCidr(api), {
    kind: 'ServiceCIDR',
    name: 'kubernetes',
    cidrs: ['10.96.0.0/16', 'fd00::/112'],
    ready: true,
  })
  t.same(reduceServiceCidr({}), { kind: 'ServiceCIDR', name: '', cidrs: [], ready: true })
})

t.test('reduceServiceCidr() says whether addresses are taken from it', async t => {
  const deletionTimestamp = '2026-01-01T00:00:00Z'
  const ready = (status: string): object => ({ conditions: [{ type: 'Ready', status }] })
  const cases: [why: string, api: Record<string, object>, isReady: boolean][] = [
    ['no condition', {}, true],
    ['another condition', { status: { conditions: [{ type: 'Old', status: 'False' }] } }, true],
    ['ready', { status: ready('True') }, true],
    ['not ready', { status: ready('False') }, false],
    ['unknown', { status: ready('Unknown') }, false],
    ['going', { metadata: { deletionTimestamp }, status: ready('True') }, false],
  ]
  for (const [why, api, isReady] of cases) t.equal(reduceServiceCidr(api).ready, isReady, why)
})
