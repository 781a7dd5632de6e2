import t from 'tap'
import { reduceService, type Service } from '../objects/service.ts'
import { inAllocationOrder } from './allocation-order.ts'

function serviceOf(name: string, spec: Readonly<Record<string, unknown>>): Service {
  return reduceService({ metadata: { namespace: 'default', name }, spec })
}

t.test('inAllocationOrder() puts wishes before choices, then goes by name', async t => {
  const nodePort = { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] }
  const expected = [
    serviceOf('kubernetes', {}),
    serviceOf('x-address', { clusterIP: '10.96.0.10' }),
    serviceOf('x-both', { ...nodePort, clusterIP: '10.96.0.11' }),
    serviceOf('w-health', { type: 'LoadBalancer', healthCheckNodePort: 31000 }),
    serviceOf('w-port', nodePort),
    serviceOf('v-address', { type: 'NodePort', clusterIPs: ['10.96.0.12'] }),
    serviceOf('a', {}),
    serviceOf('b', { type: 'NodePort', ports: [{ port: 80 }] }),
  ]
  for (let turn = 0; turn < expected.length; turn++) {
    const turned = [...expected.slice(turn), ...expected.slice(0, turn)].reverse()
    t.same(inAllocationOrder(turned), expected)
  }
})
