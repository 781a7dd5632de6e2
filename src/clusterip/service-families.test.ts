import t from 'tap'
import type { IpFamily } from '../lib/ip.ts'
import { reduceService } from '../objects/service.ts'
import { isUnchangedPreferDualStack, resolveFamilies } from './service-families.ts'

type Spec = Readonly<Record<string, unknown>>
const app = { app: 'web' }
const dual = ['IPv4', 'IPv6'] as const
const v4 = ['IPv4'] as const
const v6 = ['IPv6'] as const

/** `policy families`, or the errors. */
function outcome(spec: Spec, before: Spec | undefined, configured: readonly IpFamily[]): string {
  const old = before && reduceService({ spec: before })
  const step = resolveFamilies(reduceService({ spec }), old, configured)
  if ('errors' in step)
    return step.errors.map(({ field, message }) => `${field}: ${message}`).join(' + ')
  return `${step.service.ipFamilyPolicy} ${step.service.ipFamilies.join()}`
}

const only4 = { clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'] }
const only6 = { clusterIP: 'fd00::1', clusterIPs: ['fd00::1'] }
const both = { clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1', 'fd00::1'] }
const none = { clusterIP: 'None', clusterIPs: ['None'] }
const prefer = { ipFamilyPolicy: 'PreferDualStack' }
const require = { ipFamilyPolicy: 'RequireDualStack' }
const single = { ipFamilyPolicy: 'SingleStack' }
const multipleIps =
  "spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified"
const multipleFamilies =
  "spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified"
const notDualStack =
  'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services'

t.test('resolveFamilies() on create', async t => {
  const cases: [spec: Spec, configured: readonly IpFamily[], outcome: string][] = [
    [{}, dual, 'SingleStack IPv4'],
    [{}, ['IPv6', 'IPv4'], 'SingleStack IPv6'],
    [only6, dual, 'SingleStack IPv6'],
    [both, dual, multipleIps],
    [{ ipFamilies: dual }, dual, multipleFamilies],
    [{ ...both, ipFamilies: dual, ...single }, dual, `${multipleIps} + ${multipleFamilies}`],
    [prefer, dual, 'PreferDualStack IPv4,IPv6'],
    [require, dual, 'RequireDualStack IPv4,IPv6'],
    [prefer, ['IPv6', 'IPv4'], 'PreferDualStack IPv6,IPv4'],
    [{ ...prefer, ipFamilies: v6 }, dual, 'PreferDualStack IPv6,IPv4'],
    [{ ...require, ipFamilies: v6 }, dual, 'RequireDualStack IPv6,IPv4'],
    [{ ...prefer, ...only6 }, dual, 'PreferDualStack IPv6,IPv4'],
    [{ ...require, ...only6 }, dual, 'RequireDualStack IPv6,IPv4'],
    [{ ...prefer, ...both }, dual, 'PreferDualStack IPv4,IPv6'],
    [{ ...prefer, ...both, ipFamilies: v4 }, dual, 'PreferDualStack IPv4,IPv6'],
    [prefer, v4, 'PreferDualStack IPv4'],
    [require, v4, notDualStack],
    [
      only6,
      v4,
      'spec.clusterIPs[0]: Invalid value: ["fd00::1"]: IPv6 is not configured on this cluster',
    ],
    [
      { ...prefer, ...both },
      v4,
      'spec.clusterIPs[1]: Invalid value: ["10.96.0.1","fd00::1"]: IPv6 is not configured on this cluster',
    ],
    [
      { ipFamilies: v6 },
      v4,
      'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster',
    ],
    [
      { ...require, ipFamilies: dual },
      v4,
      `${notDualStack} + spec.ipFamilies[1]: Invalid value: "IPv6": not configured on this cluster`,
    ],
    [{ ...none, selector: app }, dual, 'SingleStack IPv4'],
    [{ ...none, selector: app, ...prefer }, dual, 'PreferDualStack IPv4,IPv6'],
    [none, dual, 'RequireDualStack IPv4,IPv6'],
    [none, v4, 'RequireDualStack IPv4,IPv6'],
    [none, v6, 'RequireDualStack IPv6,IPv4'],
    [{ ...none, ...single }, v4, 'SingleStack IPv4'],
    [{ ...none, ...single, ipFamilies: v6 }, v4, 'SingleStack IPv6'],
    [{ ...none, ...prefer, ipFamilies: v6 }, v4, 'PreferDualStack IPv6,IPv4'],
    [{ ...none, ipFamilies: ['IPv6', 'IPv4'] }, v4, 'RequireDualStack IPv6,IPv4'],
    [{ type: 'ExternalName' }, dual, 'undefined '],
    [{ ipFamilies: ['IPv4', 'IPv4'] }, dual, 'spec.ipFamilies[1]: Duplicate value: "IPv4"'],
  ]
  for (const [spec, configured, expected] of cases)
    t.equal(
      outcome(spec, undefined, configured),
      expected,
      `${JSON.stringify(spec)} ${configured.join()}`,
    )
})

function mustBeSingle(what: string): string {
  return `spec.ipFamilyPolicy: Invalid value: "RequireDualStack": must be 'SingleStack' to release the secondary ${what}`
}

t.test('resolveFamilies() on update', async t => {
  const oldDual = { ...both, ipFamilies: dual, ...require, selector: app }
  const oldPrefer4 = { ...only4, ipFamilies: v4, ...prefer }
  const cases: [spec: Spec, before: Spec, outcome: string][] = [
    [both, oldDual, 'RequireDualStack IPv4,IPv6'],
    [{ ...both, ...single }, oldDual, 'SingleStack IPv4'],
    [{ ...both, ipFamilies: dual, ...single }, oldDual, 'SingleStack IPv4'],
    [only4, oldDual, mustBeSingle('cluster IP')],
    [
      { ...only4, ipFamilies: v4 },
      oldDual,
      `${mustBeSingle('cluster IP')} + ${mustBeSingle('IP family')}`,
    ],
    [{ ...only4, ...single, ipFamilies: v4 }, oldDual, 'SingleStack IPv4'],
    [
      { clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1', 'fd00::2'], ...single },
      oldDual,
      multipleIps,
    ],
    [oldPrefer4, oldPrefer4, 'PreferDualStack IPv4'],
    [{ ...oldPrefer4, ...require }, oldPrefer4, 'RequireDualStack IPv4,IPv6'],
    [{ ...oldPrefer4, type: 'NodePort' }, oldPrefer4, 'PreferDualStack IPv4,IPv6'],
    [
      { ...only4, ipFamilies: v4, ...prefer },
      { ...only4, ipFamilies: v4, ...single },
      'PreferDualStack IPv4,IPv6',
    ],
    [{}, { type: 'ExternalName' }, 'SingleStack IPv4'],
  ]
  for (const [spec, before, expected] of cases)
    t.equal(
      outcome(spec, before, dual),
      expected,
      `${JSON.stringify(spec)} after ${JSON.stringify(before)}`,
    )
})

t.test('isUnchangedPreferDualStack() needs the same type, addresses and families', async t => {
  const old = reduceService({ spec: { ...only4, ipFamilies: v4, ...prefer } })
  const same = (change: Spec): boolean => isUnchangedPreferDualStack({ ...old, ...change }, old)
  t.equal(same({}), true)
  for (const change of [
    { type: 'NodePort' },
    { type: 'ExternalName' },
    { ipFamilyPolicy: undefined },
    { ipFamilyPolicy: 'RequireDualStack' },
    { clusterIPs: ['10.96.0.2'] },
    { ipFamilies: ['IPv6'] },
  ])
    t.equal(same(change), false, JSON.stringify(change))
  t.equal(isUnchangedPreferDualStack(old, { ...old, ipFamilyPolicy: undefined }), true)
})
