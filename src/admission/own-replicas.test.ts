import t from 'tap'
import { reduceEndpointSlice } from '../objects/endpoint-slice.ts'
import type { EndpointSlice } from '../objects/endpoint-slice.ts'
import { OwnReplicas } from './own-replicas.ts'

function sliceOf(name: string, more: object): EndpointSlice {
  return reduceEndpointSlice(
    {
      metadata: {
        namespace: 'signpost',
        name,
        labels: { 'kubernetes.io/service-name': 'webhook' },
      },
      addressType: 'IPv4',
      ports: [{ port: 8443 }],
      ...more,
    },
    { labels: 'drop' },
  )
}

function own(): OwnReplicas {
  return new OwnReplicas({
    self: '10.244.0.1:8443',
    serviceName: 'webhook',
    connect: replica => {
      throw new Error(replica)
    },
  })
}

const ipv4 = {
  endpoints: [
    { addresses: ['10.244.0.2'] },
    { addresses: ['10.244.0.1'], conditions: { ready: true } },
    { addresses: ['10.244.0.3'], conditions: { ready: false, serving: true, terminating: true } },
  ],
}
const ipv6 = { addressType: 'IPv6', endpoints: [{ addresses: ['fd00::1'] }] }

t.test('OwnReplicas knows who is ready, each once', async t => {
  const cases: [why: string, slices: object[], ready: string[]][] = [
    ['nothing known', [], []],
    ['one slice', [ipv4], ['10.244.0.1:8443', '10.244.0.2:8443']],
    ['the same in two slices', [ipv4, ipv4], ['10.244.0.1:8443', '10.244.0.2:8443']],
    ['both families', [ipv6, ipv4], ['10.244.0.1:8443', '10.244.0.2:8443']],
    ['IPv6 alone', [ipv6], ['[fd00::1]:8443']],
    ['no port', [{ ...ipv4, ports: [] }], []],
    ['another Service', [{ ...ipv4, metadata: { name: '0', labels: {} } }], []],
  ]
  for (const [why, slices, ready] of cases) {
    const replicas = own()
    for (const [index, slice] of slices.entries()) replicas.applySlice(sliceOf(`${index}`, slice))
    t.same(replicas.ready(), ready, why)
  }
})

t.test('OwnReplicas follows its slices', async t => {
  const replicas = own()
  t.equal(replicas.self, '10.244.0.1:8443')
  t.throws(() => replicas.peer('10.244.0.2:8443'), { message: '10.244.0.2:8443' })
  replicas.applySlice(sliceOf('a', ipv4))
  replicas.applySlice(sliceOf('a', { endpoints: [{ addresses: ['10.244.0.9'] }] }))
  t.same(replicas.ready(), ['10.244.0.9:8443'])
  replicas.deleteSlice('a')
  t.same(replicas.ready(), [])
})
