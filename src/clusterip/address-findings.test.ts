import t from 'tap'
import type { IpAddress } from '../objects/ip-address.ts'
import type { ServiceCidr } from '../objects/service-cidr.ts'
import { reduceService, type Service } from '../objects/service.ts'
import { type AddressesOfCluster, reportAddresses } from './address-findings.ts'

function service(name: string, ...clusterIPs: string[]): Service {
  return reduceService({ metadata: { namespace: 'default', name }, spec: { clusterIPs } })
}

function cidr(name: string, ready: boolean, ...cidrs: string[]): ServiceCidr {
  return { kind: 'ServiceCIDR', name, cidrs, ready }
}

function held(name: string, key: string): IpAddress {
  return { kind: 'IPAddress', name, managedBy: '', service: key }
}

const well: AddressesOfCluster = {
  services: [service('web', '10.96.0.9'), service('headless', 'None')],
  serviceCidrs: [cidr('kubernetes', true, '10.96.0.0/24', 'fd00::/112')],
  ipAddresses: [held('10.96.0.9', 'default/web')],
}

type Case = [why: string, more: Partial<AddressesOfCluster>, about: string, message: RegExp]

const cases: Case[] = [
  [
    'an IPv6 network that is too large',
    { serviceCidrs: [...well.serviceCidrs, cidr('wide', true, 'fd00:1::/48')] },
    'cidr',
    /^ServiceCIDR "wide": Cannot allocate from "fd00:1::\/48".*never uses it$/,
  ],
  [
    'one that goes',
    { serviceCidrs: [cidr('kubernetes', false, '10.96.0.0/24')] },
    'cidr',
    /not ready/,
  ],
  [
    'no network',
    { serviceCidrs: [...well.serviceCidrs, cidr('odd', true, '10.96.0.1/24')] },
    'cidr',
    /"10.96.0.1\/24" is no network/,
  ],
  [
    'one address for two',
    { services: [...well.services, service('shop', '10.96.0.9')] },
    'duplicate',
    /^10.96.0.9 is the address of 2 Services: default\/web, default\/shop/,
  ],
  [
    'another form',
    { services: [service('web', 'FD00::9')], ipAddresses: [held('fd00::9', 'default/web')] },
    'form',
    /default\/web: "FD00::9" is not in canonical form \(fd00::9\)/,
  ],
  [
    'no address',
    { services: [service('web', 'web')], ipAddresses: undefined },
    'form',
    /"web" is no address/,
  ],
  [
    'outside',
    { services: [service('web', '10.97.0.9')], ipAddresses: undefined },
    'outside',
    /default\/web: 10.97.0.9 is in no usable ServiceCIDR \(10.96.0.0\/24\)/,
  ],
  [
    'no network of the family',
    { serviceCidrs: [cidr('kubernetes', true, 'fd00::/112')] },
    'outside',
    /\(none of its family\)/,
  ],
  ['no IPAddress', { ipAddresses: [] }, 'unprotected', /there is no IPAddress of it/],
  [
    'an IPAddress of another',
    { ipAddresses: [held('10.96.0.9', 'a/b')] },
    'unprotected',
    /belongs to a\/b/,
  ],
  [
    'an IPAddress of no Service',
    { ipAddresses: [held('10.96.0.9', '')] },
    'unprotected',
    /belongs to something else/,
  ],
  [
    'a full band',
    {
      services: Array.from({ length: 216 }, (_, i) => service(`s${i}`, `10.96.0.${i + 30}`)),
      ipAddresses: undefined,
    },
    'band',
    /^10.96.0.0\/24: 216 of 238 addresses of the dynamic band are taken$/,
  ],
]

t.test('reportAddresses() finds what the API server does not tell', async t => {
  t.same(reportAddresses(well).findings, [])
  for (const [why, more, about, message] of cases) {
    const { findings } = reportAddresses({ ...well, ...more })
    t.match(findings, [{ about, message }], why)
    t.equal(findings.length, 1, why)
  }
})

t.test('reportAddresses() says how full the bands are', async t => {
  const { usage } = reportAddresses({
    ...well,
    services: [...well.services, service('last', '10.96.0.200'), service('twice', '10.96.0.200')],
    serviceCidrs: [...well.serviceCidrs, cidr('tiny', true, '10.98.0.0/32')],
  })
  t.same(
    usage.map(({ cidr, static: fixed, dynamic }) => [cidr, fixed.taken, dynamic.taken]),
    [
      ['10.96.0.0/24', 1, 1],
      ['10.98.0.0/32', 0, 0],
      ['fd00::/112', 0, 0],
    ],
  )
})
