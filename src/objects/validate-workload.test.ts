import t from 'tap'
import { checkValidation } from '../../test/support/validation-cases.ts'
import { validateWorkload } from './validate-workload.ts'

const podSpec = '{containers: [{name: web, image: nginx}]}'
const template = `template: {metadata: {labels: {app: web, tier: front}}, spec: ${podSpec}}`
const selector = 'selector: {matchLabels: {app: web}}'

function workload(fields: string, kind = 'Deployment'): string {
  return `{kind: ${kind}, metadata: {name: web}, spec: {${fields}}}`
}

function selecting(expressions: string): string {
  return workload(`selector: {matchExpressions: [${expressions}]}, ${template}`)
}

const mismatch =
  'spec.template.metadata.labels: Invalid value: {"app":"web","tier":"front"}: `selector` does not match template `labels`'

t.test('validateWorkload() speaks like the API server', async t =>
  checkValidation(t, validateWorkload, [
    { name: 'a Deployment', object: workload(`replicas: 2, ${selector}, ${template}`) },
    {
      name: 'no spec',
      object: '{kind: Deployment, metadata: {name: web}}',
      problems: ['spec.selector: Required value', 'spec.template.spec.containers: Required value'],
    },
    {
      name: 'an empty selector',
      object: workload(`selector: {}, ${template}`),
      problems: ['spec.selector: Invalid value: {}: empty selector is invalid for this kind'],
    },
    {
      name: 'a selector of other pods',
      object: workload(`selector: {matchLabels: {app: db}}, ${template}`),
      problems: [mismatch],
    },
    {
      name: 'expressions that match',
      object: selecting(
        '{key: app, operator: In, values: [web]}, {key: app, operator: NotIn, values: [db]}, {key: tier, operator: Exists}, {key: x, operator: DoesNotExist}',
      ),
    },
    {
      name: 'In',
      object: selecting('{key: app, operator: In, values: [db]}'),
      problems: [mismatch],
    },
    {
      name: 'NotIn',
      object: selecting('{key: app, operator: NotIn, values: [web]}'),
      problems: [mismatch],
    },
    { name: 'Exists', object: selecting('{key: x, operator: Exists}'), problems: [mismatch] },
    {
      name: 'DoesNotExist',
      object: selecting('{key: app, operator: DoesNotExist}'),
      problems: [mismatch],
    },
    {
      name: 'malformed expressions',
      object: selecting(
        '{key: app}, {key: app, operator: In}, {key: app, operator: Exists, values: [x]}, {operator: Foo}',
      ),
      problems: [
        'spec.selector.matchExpressions[0].operator: Required value',
        "spec.selector.matchExpressions[1].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
        "spec.selector.matchExpressions[2].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        'spec.selector.matchExpressions[3].key: Invalid value: "": name part must be non-empty',
        'spec.selector.matchExpressions[3].key: Invalid value: "": name part must consist of…',
        'spec.selector.matchExpressions[3].operator: Unsupported value: "Foo": supported values: "DoesNotExist", "Exists", "In", "NotIn"',
      ],
    },
    {
      name: 'counts',
      object: workload(
        `replicas: -1, ordinals: {start: -2}, ${selector}, ${template}`,
        'StatefulSet',
      ),
      problems: [
        'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
        'spec.ordinals.start: Invalid value: -2: must be greater than or equal to 0',
      ],
    },
    {
      name: 'the governing Service of a StatefulSet',
      object: workload(`serviceName: a.b, ${selector}, ${template}`, 'StatefulSet'),
      problems: ['spec.serviceName: Invalid value: "a.b": must not contain dots'],
    },
    {
      name: 'a template that does not restart',
      object: workload(
        `${selector}, template: {metadata: {labels: {app: web}}, spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}`,
      ),
      problems: [
        'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
      ],
    },
  ]),
)
