import t from 'tap'
import { checkValidation } from '../../test/support/validation-cases.ts'
import { validateEndpoints } from './validate-endpoints.ts'

t.test('validateEndpoints() speaks like the API server', async t =>
  checkValidation(t, validateEndpoints, [
    {
      name: 'a whole object',
      object:
        '{metadata: {name: web}, subsets: [{addresses: [{ip: 10.0.0.1, hostname: a}], ports: [{port: 80}]}]}',
    },
    { name: 'without subsets', object: '{metadata: {name: web}}' },
    {
      name: 'a subset without addresses',
      object: '{metadata: {name: web}, subsets: [{ports: [{port: 80}]}]}',
      problems: ['subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`'],
    },
    {
      name: 'addresses',
      object:
        '{metadata: {name: web}, subsets: [{addresses: [{ip: "::1", hostname: a.b}], notReadyAddresses: [{}]}]}',
      problems: [
        'subsets[0].addresses[0].ip: Invalid value: "::1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
        'subsets[0].addresses[0].hostname: Invalid value: "a.b": must not contain dots',
        'subsets[0].notReadyAddresses[0].ip: Invalid value: "": must be a valid IP address…',
      ],
    },
    {
      name: 'ports',
      object:
        '{metadata: {name: web}, subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 0}, {name: A, port: 1, protocol: x}]}]}',
      problems: [
        'subsets[0].ports[0].name: Required value',
        'subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
        'subsets[0].ports[1].name: Invalid value: "A": a lowercase RFC 1123 label…',
        'subsets[0].ports[1].protocol: Unsupported value: "x": supported values: "SCTP", "TCP", "UDP"',
      ],
    },
  ]),
)
