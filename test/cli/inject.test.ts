/** `signpost inject`: manifests as the webhook would return them. */
import { join } from 'node:path'
import fc from 'fast-check'
import { load, loadAll } from 'js-yaml'
import t from 'tap'
import { runHere } from '../support/cli-run.ts'
import { parseYaml } from '../../src/sources/manifest-document.ts'

const examples = ['--manifests', 'examples'] as const
const spec = '{containers: [{name: app}]}'

interface Case {
  readonly name: string
  readonly input: string
  readonly args?: readonly string[]
  /** Of each document and list item: the Services of its first container, in order. */
  readonly services: readonly (readonly string[])[]
  readonly err?: RegExp
}

const inShop = ['kubernetes', 'legacy', 'resolver']
const inDefault = ['kubernetes', 'web-service']

const cases: readonly Case[] = [
  {
    name: 'a Pod',
    input: `{kind: Pod, metadata: {namespace: shop}, spec: ${spec}}`,
    services: [inShop],
  },
  { name: 'JSON', input: `{"kind":"Pod","spec":{"containers":[{}]}}`, services: [inDefault] },
  {
    name: 'a namespace for those that do not say theirs',
    input: `kind: Pod\nspec: ${spec}\n---\nkind: Pod\nmetadata: {namespace: default}\nspec: ${spec}`,
    args: ['-n', 'shop'],
    services: [inShop, inDefault],
  },
  ...['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet', 'DaemonSet', 'Job'].map(
    kind => ({
      name: kind,
      input: `{kind: ${kind}, metadata: {namespace: shop}, spec: {template: {spec: ${spec}}}}`,
      services: [inShop],
    }),
  ),
  {
    name: 'CronJob',
    input: `{kind: CronJob, spec: {jobTemplate: {spec: {template: {spec: ${spec}}}}}}`,
    services: [inDefault],
  },
  {
    name: 'PodTemplate',
    input: `{kind: PodTemplate, template: {spec: ${spec}}}`,
    services: [inDefault],
  },
  {
    name: 'Lists, with and without kinds in them',
    input: `kind: List\nitems: [{kind: Pod, spec: ${spec}}, {kind: Node}]\n---\nkind: PodList\nitems: [{spec: ${spec}}]\n`,
    services: [inDefault, [], inDefault],
  },
  {
    name: 'a container that two Pods share by an alias',
    input: `kind: List\nitems:\n- {kind: Pod, metadata: {namespace: shop}, spec: &spec ${spec}}\n- {kind: Pod, spec: *spec}\n`,
    services: [inShop, inDefault],
  },
  {
    name: "template's annotations",
    input: `{kind: Job, spec: {template: {metadata: {annotations: {signpost.dev/inject: off}}, spec: ${spec}}}}`,
    services: [inDefault],
    err: /^stdin: Job "default\/": annotation signpost.dev\/inject: expected a string, which takes quotes\n$/,
  },
  {
    name: 'another server',
    input: `{kind: Pod, metadata: {namespace: shop}, spec: ${spec}}`,
    args: ['--server-version', 'v1.30.2'],
    services: [inShop],
  },
  {
    name: 'no Pod',
    input: 'kind: Service\n---\njust text\n',
    services: [[], []],
    err: /^stdin: no Pod and no workload in it\n$/,
  },
]

/** The Services that the first container of a pod has variables of, wherever in the document the pod is. */
function servicesIn(document: unknown): string[] {
  const text = JSON.stringify(document)
  const names = [...text.matchAll(/"name":"([A-Z_]+)_SERVICE_HOST"/g)]
  return names.map(([, name]) => name!.toLowerCase().replaceAll('_', '-'))
}

t.test('inject writes variables into what holds a Pod', async t => {
  for (const { name, input, args = [], services, err = /^$/ } of cases) {
    const run = await runHere(['inject', '-f', '-', ...args, ...examples], { input })
    const documents = loadAll(run.out).flatMap(document =>
      Object.hasOwn(document as object, 'items')
        ? (document as { readonly items: unknown[] }).items
        : [document],
    )
    t.strictSame(documents.map(servicesIn), services, name)
    t.match(run.err, err, `${name}: warnings`)
    t.equal(run.code, 0, name)
  }
})

t.test('inject leaves other documents as they are, comments too', async t => {
  const service = '# of the shop\nkind: Service # a comment\nmetadata: {name: "x"}\n'
  const input = `---\n${service}\n---\nkind: Pod # lost\nspec: ${spec}\n---\n# nothing\n---\n${service}`
  const file = join(t.testdir({ 'all.yaml': input }), 'all.yaml')
  const { out } = await runHere(['inject', '-f', file, ...examples])
  const [first, pod, last, ...more] = out.split('---\n')
  t.strictSame([first, last, more], [service, service, []])
  t.match(pod, /^kind: Pod\nspec:\n {2}containers:\n {4}- name: app\n {6}env:\n/)
})

t.test('inject prints what kubectl reads as it was', async t => {
  const odd = fc.constantFrom(
    'yes',
    'n',
    'on',
    '12:30:00',
    '010',
    '0x1f',
    '1_0',
    '~',
    '<<',
    '=',
    '',
  )
  const value = fc.oneof(odd, fc.string(), fc.integer(), fc.boolean(), fc.constant(null))
  const args = fc.array(value, { maxLength: 5 })
  const lists = fc.sample(args, { numRuns: 30, seed: 7 })
  const pods = lists.map(list => ({
    kind: 'Pod',
    metadata: { annotations: { 'signpost.dev/inject': 'configmap', a: list[0] } },
    spec: { containers: [{ name: 'app', args: list }] },
  }))
  const input = JSON.stringify({ kind: 'List', items: pods })
  const { out } = await runHere(['inject', '-f', '-', ...examples], { input })
  const envFrom = [{ configMapRef: { name: 'signpost-service-variables', optional: true } }]
  const expected = pods.map(pod => ({
    ...pod,
    spec: { containers: [{ ...pod.spec.containers[0]!, envFrom }] },
  }))
  const plain: unknown = JSON.parse(JSON.stringify({ kind: 'List', items: expected }))
  t.strictSame(parseYaml(out).value, plain, 'YAML 1.1')
  t.strictSame(load(out), plain, 'YAML 1.2')
})
