import t from 'tap'
import { checkValidation } from '../../test/support/validation-cases.ts'
import { validateEndpointSlice } from './validate-endpoint-slice.ts'

function slice(fields: string): string {
  return `{metadata: {name: web-1}, ${fields}}`
}

function repeat(count: number, text: string): string {
  return `[${Array.from({ length: count }, () => text).join(', ')}]`
}

t.test('validateEndpointSlice() speaks like the API server', async t =>
  checkValidation(t, validateEndpointSlice, [
    {
      name: 'a whole slice',
      object: slice(
        'addressType: IPv4, ports: [{name: http, port: 80}, {port: 81}], endpoints: [{addresses: [10.0.0.1], hostname: db-0, conditions: {ready: true}, nodeName: n, zone: z, targetRef: {kind: Pod, name: db-0}}]',
      ),
    },
    {
      name: 'nothing but a name',
      object: '{metadata: {name: x}}',
      problems: ['addressType: Required value'],
    },
    {
      name: 'an unknown address type',
      object: slice('addressType: IP, endpoints: [{addresses: [x]}]'),
      problems: ['addressType: Unsupported value: "IP": supported values: "FQDN", "IPv4", "IPv6"'],
    },
    {
      name: 'no address',
      object: slice('addressType: IPv4, endpoints: [{}, {addresses: []}]'),
      problems: [
        'endpoints[0].addresses: Required value: must contain at least 1 address',
        'endpoints[1].addresses: Required value: must contain at least 1 address',
      ],
    },
    {
      name: 'other spellings of IPv6',
      object: slice('addressType: IPv6, endpoints: [{addresses: ["FD00:0:0::1"]}]'),
    },
    {
      name: 'addresses of another family, and special ones',
      object: slice(
        'addressType: IPv4, endpoints: [{addresses: ["fd00::1", 127.0.0.1, 0.0.0.0, 169.254.1.1, 224.0.0.1, x]}]',
      ),
      problems: [
        'endpoints[0].addresses[0]: Invalid value: "fd00::1": must be an IPv4 address',
        'endpoints[0].addresses[1]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
        'endpoints[0].addresses[2]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)',
        'endpoints[0].addresses[3]: Invalid value: "169.254.1.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
        'endpoints[0].addresses[4]: Invalid value: "224.0.0.1": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
        'endpoints[0].addresses[5]: Invalid value: "x": must be a valid IP address…',
      ],
    },
    {
      name: 'names for addresses',
      object: slice('addressType: FQDN, endpoints: [{addresses: [a.example, a.b., a, "-a.b"]}]'),
      problems: [
        'endpoints[0].addresses[2]: Invalid value: "a": should be a domain with at least two segments separated by dots',
        'endpoints[0].addresses[3]: Invalid value: "-a.b": a lowercase RFC 1123 subdomain…',
      ],
    },
    {
      name: 'a bad hostname and wrong types',
      object: slice(
        'addressType: IPv4, endpoints: [{addresses: [10.0.0.1], hostname: a_b, conditions: {ready: "true"}, zone: 1}]',
      ),
      problems: [
        'endpoints[0].hostname: Invalid value: "a_b": a lowercase RFC 1123 label…',
        'endpoints[0].conditions.ready: expected true or false, got "true"',
        'endpoints[0].zone: expected a string, got 1',
      ],
    },
    {
      name: 'ports',
      object: slice(
        'addressType: IPv4, ports: [{name: a, port: 1}, {name: a, port: 2}, {name: B, port: 70000}, {name: c, protocol: x}]',
      ),
      problems: [
        'ports[1].name: Duplicate value: "a"',
        'ports[2].name: Invalid value: "B": a lowercase RFC 1123 label…',
        'ports[2].port: Invalid value: 70000: must be between 0 and 65535, inclusive',
        'ports[3].protocol: Unsupported value: "x": supported values: "SCTP", "TCP", "UDP"',
      ],
    },
    {
      name: '1000 endpoints',
      object: slice(`addressType: IPv4, endpoints: ${repeat(1000, '{addresses: [10.0.0.1]}')}`),
    },
    {
      name: '1001 endpoints',
      object: slice(`addressType: IPv4, endpoints: ${repeat(1001, '{addresses: [10.0.0.1]}')}`),
      problems: ['endpoints: Too many: 1001: must have at most 1000 items'],
    },
    {
      name: '101 addresses',
      object: slice(`addressType: IPv4, endpoints: [{addresses: ${repeat(101, '10.0.0.1')}}]`),
      problems: ['endpoints[0].addresses: Too many: 101: must have at most 100 items'],
    },
    {
      name: '20001 ports',
      object: slice(`addressType: IPv4, ports: ${repeat(20_001, '{}')}`),
      problems: ['ports: Too many: 20001: must have at most 20000 items'],
    },
  ]),
)
