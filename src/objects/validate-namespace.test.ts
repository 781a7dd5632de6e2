import t from 'tap'
import { checkValidation } from '../../test/support/validation-cases.ts'
import { validateNamespace } from './validate-namespace.ts'

t.test('validateNamespace() speaks like the API server', async t =>
  checkValidation(t, validateNamespace, [
    { name: 'a name', object: '{metadata: {name: shop, labels: {a/b: c}}}' },
    {
      name: 'a namespace of its own',
      object: '{metadata: {name: shop, namespace: default}}',
      problems: ['metadata.namespace: Forbidden: not allowed on this type'],
    },
    {
      name: 'a dot',
      object: '{metadata: {name: my.shop}}',
      problems: ['metadata.name: Invalid value: "my.shop": must not contain dots'],
    },
    {
      name: 'label keys',
      object: '{metadata: {name: a, labels: {a/b/c: x, /b: x, A_/b: x, a/: x}}}',
      problems: [
        'metadata.labels: Invalid value: "a/b/c": a valid label key must consist of…',
        'metadata.labels: Invalid value: "/b": prefix part must be non-empty',
        'metadata.labels: Invalid value: "A_/b": prefix part a lowercase RFC 1123 subdomain…',
        'metadata.labels: Invalid value: "a/": name part must be non-empty',
        'metadata.labels: Invalid value: "a/": name part must consist of alphanumeric…',
      ],
    },
  ]),
)
