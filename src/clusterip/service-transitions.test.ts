import t from 'tap'
import { reduceService } from '../objects/service.ts'
import { checkTransition } from './service-transitions.ts'

type Spec = Readonly<Record<string, unknown>>

const one = { clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'], ipFamilies: ['IPv4'] }
const two = {
  clusterIP: '10.96.0.1',
  clusterIPs: ['10.96.0.1', 'fd00::1'],
  ipFamilies: ['IPv4', 'IPv6'],
}
const none = { clusterIP: 'None', clusterIPs: ['None'], ipFamilies: ['IPv4'] }
const external = { type: 'ExternalName' }

function checked(healthCheckNodePort: number): Spec {
  return { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort }
}

// Most rows of an update stand in service-allocator.update.test.ts; these the earlier rules keep away.
t.test('checkTransition() refuses changes of what is fixed', async t => {
  const cases: [before: Spec | undefined, after: Spec, ...errors: string[]][] = [
    [one, one],
    [one, two],
    [undefined, two],
    [none, { ...none, ipFamilies: ['IPv6'] }],
    [external, one],
    [one, external],
    [
      two,
      { ...one, ipFamilyPolicy: 'PreferDualStack' },
      'spec.ipFamilyPolicy: Invalid value: "PreferDualStack": must be set to \'SingleStack\' when releasing the secondary clusterIP',
      'spec.ipFamilyPolicy: Invalid value: "PreferDualStack": must be set to \'SingleStack\' when releasing the secondary ipFamily',
    ],
    [two, { ...one, ipFamilyPolicy: 'SingleStack' }],
    [
      one,
      { ipFamilies: ['IPv4'] },
      'spec.clusterIPs[0]: Invalid value: null: primary clusterIP can not be unset',
    ],
    [
      one,
      { clusterIP: 'fd00::1', clusterIPs: ['fd00::1', '10.96.0.1'], ipFamilies: ['IPv6', 'IPv4'] },
      'spec.clusterIPs[0]: Invalid value: ["fd00::1","10.96.0.1"]: may not change once set',
      'spec.ipFamilies[0]: Invalid value: ["fd00::1","10.96.0.1"]: may not change once set',
    ],
    [
      two,
      { ...two, clusterIPs: ['10.96.0.1', 'fd00::2'] },
      'spec.clusterIPs[1]: Invalid value: ["10.96.0.1","fd00::2"]: may not change once set',
    ],
    [one, none, 'spec.clusterIPs[0]: Invalid value: ["None"]: may not change once set'],
    [
      one,
      { ...one, ipFamilies: ['IPv6'] },
      'spec.ipFamilies[0]: Invalid value: ["IPv6"]: may not change once set',
    ],
    [
      undefined,
      { ...none, type: 'NodePort' },
      'spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for NodePort services',
    ],
    [
      undefined,
      { ...external, ...one, ipFamilyPolicy: 'SingleStack' },
      'spec.clusterIPs: Forbidden: may not be set for ExternalName services',
      'spec.ipFamilies: Forbidden: may not be set for ExternalName services',
      'spec.ipFamilyPolicy: Forbidden: may not be set for ExternalName services',
    ],
    [
      undefined,
      { ports: [{ port: 80, nodePort: 30080 }] },
      "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
    ],
    [
      undefined,
      { type: 'NodePort', ports: [{ nodePort: 30080 }, { nodePort: 30080 }, { port: 80 }] },
      'spec.ports[1].nodePort: Duplicate value: 30080',
    ],
    [
      undefined,
      { healthCheckNodePort: 31000 },
      "spec.healthCheckNodePort: Invalid value: 31000: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
    ],
    [checked(31000), checked(31000)],
    [checked(31000), checked(31001), 'spec.healthCheckNodePort: Forbidden: field is immutable'],
  ]
  for (const [before, after, ...errors] of cases) {
    const found = checkTransition(
      reduceService({ spec: after }),
      before && reduceService({ spec: before }),
    )
    t.same(
      found.map(({ field, message }) => `${field}: ${message}`),
      errors,
      `${JSON.stringify(before)} to ${JSON.stringify(after)}`,
    )
  }
})
