/** docs/environment-variables.md against what the review of Pods does. */
import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import t from 'tap'
import { rawObject } from '../../src/objects/raw-value.ts'
import { readPodChoices } from '../../src/admission/pod-choices.ts'
import { variablesConfigMapName } from '../../src/admission/variables-config-map.ts'
import { master, podRequest, reviewPod, serviceOf } from '../support/pod-review-run.ts'

const text = readFileSync('docs/environment-variables.md', 'utf8')
/** The first two cells of each row, without their quotes. */
const rows = [...text.matchAll(/^\| `([^`]+)` \| `?([^`|]+?)`? \|/gm)].map(
  ([, name, value]) => [name!, value!] as const,
)
const services = [master, 'production/db 10.0.0.1 5432', 'shop/web 10.0.0.2 80'].map(serviceOf)
const spec = { containers: [{ name: 'app' }, { name: 'other', envFrom: [{ prefix: 'A' }] }] }

t.test('every value of an annotation in the document is understood', async t => {
  const annotations = rows.filter(([name]) => name.startsWith('signpost.dev/'))
  t.equal(annotations.length, 5)
  const none = readPodChoices({}, 'shop').choices
  for (const [name, value] of annotations) {
    const { choices, warnings } = readPodChoices({ metadata: { annotations: { [name]: value } } }, 'shop')
    t.strictSame(warnings, [], name)
    if (value === 'env') t.strictSame(choices, none)
    else t.notSame(choices, none, `${name}: ${value}`)
  }
})

t.test('every annotation that is understood is in the document', async t => {
  const source = readFileSync('src/admission/pod-choices.ts', 'utf8')
  const understood = [...source.matchAll(/'(signpost\.dev\/[a-z-]+)'/g)].map(([, name]) => name!)
  const written = [...text.matchAll(/signpost\.dev\/[a-z-]+/g)].map(([name]) => name)
  t.strictSame(new Set(understood), new Set(written))
})

t.test('the example gives the Pod the variables of both Services', async t => {
  const [, yaml = ''] = /```yaml\n([^`]*)```/.exec(text)!
  const pod = { ...rawObject(load(yaml)), spec }
  const { patch, warnings } = reviewPod(podRequest(pod), { services })
  t.match(JSON.stringify(patch), /"DB_SERVICE_HOST".*"WEB_SERVICE_HOST".*enableServiceLinks/)
  t.equal(warnings.length, 1, 'of the container with envFrom')
})

t.test('the audit annotations are those of the document', async t => {
  const pods = [{ spec }, { spec, metadata: { annotations: { 'signpost.dev/inject': 'configmap' } } }]
  const found = pods.flatMap(pod => Object.keys(reviewPod(podRequest(pod), { services }).audit))
  const written = rows.map(([name]) => name).filter(name => !name.includes('/'))
  t.strictSame(new Set(found), new Set(written))
  t.ok(text.includes(`\`${variablesConfigMapName}\``))
})
