import t from 'tap'
import { master, serviceOf } from '../../test/support/pod-review-run.ts'
import { variablesConfigMapData } from './variables-config-map.ts'

t.test(
  'variablesConfigMapData() has the variables of kubernetes and the namespace, sorted',
  async t => {
    const services = ['shop/web fd00::1 53/UDP', 'other/db 10.0.0.2 5432', master].map(serviceOf)
    const { data, leftOut, warnings } = variablesConfigMapData(services, 'shop')
    const names = Object.keys(data)
    t.strictSame(names, names.toSorted())
    t.equal(names.length, 15)
    t.equal(data['WEB_PORT'], 'udp://[fd00::1]:53')
    t.equal(data['KUBERNETES_SERVICE_PORT_HTTPS'], '443')
    t.strictSame([leftOut, warnings], [[], []])
  },
)

t.test(
  'variablesConfigMapData() leaves out what there is no room for, the same each time',
  async t => {
    const many = Array.from({ length: 6000 }, (_, index) =>
      serviceOf(`shop/service-${String(index).padStart(4, '0')} 10.0.0.1 80`),
    )
    const services = [...many, serviceOf(master)]
    const { data, leftOut, warnings } = variablesConfigMapData(services, 'shop')
    const bytes = Object.entries(data).reduce(
      (sum, [name, value]) => sum + name.length + value.length,
      0,
    )
    t.ok(bytes <= 1024 * 1024 && bytes > 1024 * 1024 - 500, `${bytes}`)
    t.equal(data['KUBERNETES_SERVICE_HOST'], '10.96.0.1')
    t.equal(Object.keys(data).length, 8 + (6000 - leftOut.length) * 7)
    // Those that sort last, whatever their order.
    t.equal(leftOut.at(-1), 'shop/service-5999')
    t.equal(leftOut[0], `shop/service-${6000 - leftOut.length}`)
    t.strictSame(warnings, [
      `ConfigMap "shop/signpost-service-variables": no room for "${leftOut[0]}" and ${leftOut.length - 1} more services: left to the kubelet`,
    ])
    t.strictSame(variablesConfigMapData(services.toReversed(), 'shop'), { data, leftOut, warnings })
  },
)

t.test('variablesConfigMapData() warns of collisions', async t => {
  const services = ['shop/foo 10.0.0.1 80', 'shop/foo-service 10.0.0.2 90'].map(serviceOf)
  const { data, warnings } = variablesConfigMapData(services, 'shop')
  t.equal(data['FOO_SERVICE_PORT'], '80')
  t.strictSame(warnings, [
    'Cannot set "FOO_SERVICE_PORT" for service "shop/foo-service": held by "shop/foo"',
  ])
})
