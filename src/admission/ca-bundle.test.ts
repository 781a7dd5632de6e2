import t from 'tap'
import { bundlePatch } from './ca-bundle.ts'

const bundle = 'PEM'
const right = 'UEVN'
const at = (index: number) => ({
  op: 'add',
  path: `/webhooks/${index}/clientConfig/caBundle`,
  value: right,
})
const version = { op: 'replace', path: '/metadata/resourceVersion', value: '7' }

const cases = [
  { name: 'no webhook', bundles: [], patch: [] },
  { name: 'none has one', bundles: [undefined, undefined], patch: [version, at(0), at(1)] },
  { name: 'one has another', bundles: [right, 'b2xk'], patch: [version, at(1)] },
  { name: 'all are right', bundles: [right, right], patch: [] },
]

for (const { name, bundles, patch } of cases) {
  t.test(`bundlePatch(): ${name}`, async t => {
    const webhooks = bundles.map(caBundle => ({ name: 'w', clientConfig: { caBundle } }))
    const configuration = { metadata: { resourceVersion: '7' }, webhooks }
    t.strictSame(bundlePatch(configuration, bundle), patch)
  })
}

t.test('bundlePatch(): a configuration without a list', async t => {
  t.strictSame(bundlePatch({}, bundle), [])
})
