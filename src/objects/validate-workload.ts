import { type FieldProblem, FieldReader } from './field-reader.ts'
import { checkDnsLabel, checkLabelKey } from './name-rules.ts'
import type { RawObject } from './raw-value.ts'
import { validateLabels, validateMetadata } from './validate-metadata.ts'
import { validatePodSpec } from './validate-pod.ts'

const operators = ['DoesNotExist', 'Exists', 'In', 'NotIn'] as const

/**
 * What the API server would refuse in a Deployment, ReplicaSet, StatefulSet or DaemonSet, as far as
 * the names of its pods depend on it. Kubernetes: pkg/apis/apps/validation.
 */
export function validateWorkload(api: RawObject): readonly FieldProblem[] {
  const root = FieldReader.of(api)
  validateMetadata(root, { name: 'subdomain', scope: 'namespaced' })
  const spec = root.object('spec')
  validateCount(spec, 'replicas')
  if (root.string('kind') === 'StatefulSet') {
    const serviceName = spec.string('serviceName')
    if (serviceName !== '')
      spec.invalid(spec.at('serviceName'), serviceName, ...checkDnsLabel(serviceName))
    validateCount(spec.object('ordinals'), 'start')
  }
  const template = spec.object('template')
  const metadata = template.object('metadata')
  const labels = validateLabels(metadata, 'labels')
  const problemsBefore = root.problems.length
  const matches = validateSelector(spec, labels)
  if (root.problems.length === problemsBefore && !matches) {
    metadata.invalid(
      metadata.at('labels'),
      Object.fromEntries(labels),
      '`selector` does not match template `labels`',
    )
  }
  const podSpec = template.object('spec')
  validatePodSpec(podSpec)
  const restartPolicy = podSpec.string('restartPolicy')
  if (restartPolicy !== '' && restartPolicy !== 'Always')
    podSpec.unsupported(podSpec.at('restartPolicy'), restartPolicy, ['Always'])
  return root.problems
}

function validateCount(reader: FieldReader, key: string): void {
  const count = reader.integer(key) ?? 0
  if (count < 0) reader.invalid(reader.at(key), count, 'must be greater than or equal to 0')
}

/** Checks `spec.selector` and says whether the template's labels satisfy it. */
function validateSelector(spec: FieldReader, labels: ReadonlyMap<string, string>): boolean {
  const field = spec.at('selector')
  const selector = spec.object('selector')
  if (!spec.has('selector')) {
    spec.required(field)
    return false
  }
  const matchLabels = validateLabels(selector, 'matchLabels')
  const expressions = selector.objects('matchExpressions')
  if (matchLabels.size === 0 && expressions.length === 0)
    spec.invalid(field, {}, 'empty selector is invalid for this kind')
  let matches = true
  for (const [key, value] of matchLabels) matches &&= labels.get(key) === value
  for (const expression of expressions) {
    const satisfied = validateExpression(expression, labels)
    matches &&= satisfied
  }
  return matches
}

function validateExpression(expression: FieldReader, labels: ReadonlyMap<string, string>): boolean {
  const key = expression.string('key')
  expression.invalid(expression.at('key'), key, ...checkLabelKey(key))
  const operator = expression.oneOf('operator', operators)
  if (!expression.isSet('operator')) expression.required(expression.at('operator'))
  const values = expression.strings('values').map(({ value }) => value)
  const field = expression.at('values')
  const wantsValues = operator === 'In' || operator === 'NotIn'
  if (wantsValues && !expression.isSet('values')) {
    expression.required(field, "must be specified when `operator` is 'In' or 'NotIn'")
  }
  if (!wantsValues && values.length > 0) {
    expression.forbidden(
      field,
      "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
    )
  }
  const value = labels.get(key)
  if (operator === 'In') return value !== undefined && values.includes(value)
  if (operator === 'NotIn') return value === undefined || !values.includes(value)
  return operator === 'Exists' ? value !== undefined : value === undefined
}
