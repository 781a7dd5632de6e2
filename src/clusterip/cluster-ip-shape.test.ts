import t from 'tap'
import { reduceService } from '../objects/service.ts'
import { checkClusterIpShape } from './cluster-ip-shape.ts'

const notAnIp = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'

t.test('checkClusterIpShape() refuses fields that do not fit together', async t => {
  const cases: [spec: Record<string, unknown>, ...errors: string[]][] = [
    [{}],
    [{ clusterIP: '10.96.0.10', clusterIPs: ['10.96.0.10'] }],
    [{ clusterIP: 'None', clusterIPs: ['None'], ipFamilies: ['IPv6'] }],
    [{ clusterIP: '10.96.0.10', clusterIPs: ['10.96.0.10', 'fd00::a'] }],
    [
      { clusterIPs: ['10.96.0.10'] },
      'spec.clusterIPs: Invalid value: ["10.96.0.10"]: must be empty when `clusterIP` is not specified',
    ],
    [{ clusterIP: '10.96.0.10' }, 'spec.clusterIPs: Required value'],
    [
      { clusterIP: '10.96.0.10', clusterIPs: ['10.96.0.11'] },
      'spec.clusterIPs: Invalid value: ["10.96.0.11"]: first value must match `clusterIP`',
    ],
    [
      { clusterIP: 'None', clusterIPs: ['None', 'fd00::a'] },
      'spec.clusterIPs: Invalid value: ["None","fd00::a"]: \'None\' must be the first and only value',
    ],
    [
      { clusterIP: '10.96.0.10', clusterIPs: ['10.96.0.10', 'None'] },
      `spec.clusterIPs[1]: Invalid value: "None": ${notAnIp}`,
    ],
    [
      { clusterIP: 'web', clusterIPs: ['web'] },
      `spec.clusterIPs[0]: Invalid value: "web": ${notAnIp}`,
    ],
    [
      { clusterIP: '10.096.0.10', clusterIPs: ['10.096.0.10'] },
      'spec.clusterIPs[0]: Invalid value: "10.096.0.10": must not have leading 0s',
    ],
    [
      { clusterIP: '::ffff:10.96.0.1', clusterIPs: ['::ffff:10.96.0.1'] },
      'spec.clusterIPs[0]: Invalid value: "::ffff:10.96.0.1": must not be an IPv4-mapped IPv6 address',
    ],
    [
      { clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1', '10.96.0.2'] },
      'spec.clusterIPs: Invalid value: ["10.96.0.1","10.96.0.2"]: may specify no more than one IP for each IP family',
    ],
    [
      { clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1', 'fd00::1', 'fd00::2'] },
      'spec.clusterIPs: Invalid value: ["10.96.0.1","fd00::1","fd00::2"]: may only hold up to 2 values',
      'spec.clusterIPs: Invalid value: ["10.96.0.1","fd00::1","fd00::2"]: may specify no more than one IP for each IP family',
    ],
    [
      { clusterIP: 'fd00::1', clusterIPs: ['fd00::1', '10.96.0.1'], ipFamilies: ['IPv4', 'IPv6'] },
      'spec.clusterIPs[0]: Invalid value: "fd00::1": expected an IPv4 value as indicated by `ipFamilies[0]`',
      'spec.clusterIPs[1]: Invalid value: "10.96.0.1": expected an IPv6 value as indicated by `ipFamilies[1]`',
    ],
    [
      { ipFamilies: ['IPv5', 'IPv4', 'IPv4'], ipFamilyPolicy: 'Both' },
      'spec.ipFamilies[0]: Unsupported value: "IPv5": supported values: "IPv4", "IPv6"',
      'spec.ipFamilies[2]: Duplicate value: "IPv4"',
      'spec.ipFamilyPolicy: Unsupported value: "Both": supported values: "PreferDualStack", "RequireDualStack", "SingleStack"',
    ],
  ]
  for (const [spec, ...errors] of cases) {
    const found = checkClusterIpShape(reduceService({ spec }))
    t.same(
      found.map(({ field, message }) => `${field}: ${message}`),
      errors,
      JSON.stringify(spec),
    )
  }
})
