import t from 'tap'
import {
  duplicateValue,
  type FieldError,
  forbiddenValue,
  internalError,
  invalidValue,
  renderFieldErrors,
  requiredValue,
  unsupportedValue,
} from './field-error.ts'

t.test('renderFieldErrors() words errors as the API server does', async t => {
  const taken = invalidValue('spec.clusterIPs', ['10.96.0.10'], 'failed to allocate IP 10.96.0.10')
  const forbidden = forbiddenValue(
    'spec.ports[0].nodePort',
    "may not be used when `type` is 'ClusterIP'",
  )
  const cases: [errors: FieldError[], message: string][] = [
    [
      [taken],
      'Service "web" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.10"]: failed to allocate IP 10.96.0.10',
    ],
    [
      [invalidValue('spec.clusterIPs[0]', [], 'primary clusterIP can not be unset')],
      'Service "web" is invalid: spec.clusterIPs[0]: Invalid value: null: primary clusterIP can not be unset',
    ],
    [
      [invalidValue('spec.ipFamilyPolicy', undefined, 'x')],
      'Service "web" is invalid: spec.ipFamilyPolicy: Invalid value: null: x',
    ],
    [
      [invalidValue('spec.healthCheckNodePort', 5, 'x')],
      'Service "web" is invalid: spec.healthCheckNodePort: Invalid value: 5: x',
    ],
    [
      [requiredValue('spec.clusterIPs')],
      'Service "web" is invalid: spec.clusterIPs: Required value',
    ],
    [
      [duplicateValue('spec.ipFamilies[1]', 'IPv4')],
      'Service "web" is invalid: spec.ipFamilies[1]: Duplicate value: "IPv4"',
    ],
    [
      [unsupportedValue('spec.ipFamilies[0]', 'IPv5', ['IPv4', 'IPv6'])],
      'Service "web" is invalid: spec.ipFamilies[0]: Unsupported value: "IPv5": supported values: "IPv4", "IPv6"',
    ],
    [
      [forbidden, requiredValue('spec.clusterIPs'), forbidden],
      'Service "web" is invalid: [spec.ports[0].nodePort: Forbidden: may not be used when `type` is \'ClusterIP\', spec.clusterIPs: Required value]',
    ],
    [[internalError('range is full')], 'Internal error occurred: range is full'],
  ]
  for (const [errors, message] of cases) t.equal(renderFieldErrors('web', errors), message)
})

t.test('field errors carry the status and the reason of a cause', async t => {
  t.match(invalidValue('a', 1, 'b'), { status: 422, reason: 'FieldValueInvalid' })
  t.match(requiredValue('a'), { status: 422, reason: 'FieldValueRequired' })
  t.match(forbiddenValue('a', 'b'), { status: 422, reason: 'FieldValueForbidden' })
  t.match(duplicateValue('a', 1), { status: 422, reason: 'FieldValueDuplicate' })
  t.match(unsupportedValue('a', 1, []), { status: 422, reason: 'FieldValueNotSupported' })
  t.match(internalError('a'), { field: '', status: 500, reason: 'InternalError' })
})
