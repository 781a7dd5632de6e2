import fc from 'fast-check'
import t from 'tap'
import { master, serviceOf as service } from '../../test/support/pod-review-run.ts'
import { joinVariables, serviceVariables } from './service-variables.ts'

t.test('serviceVariables() gives kubernetes its 8 variables', async t => {
  const { variables } = serviceVariables([service(master)], {
    namespace: 'shop',
    enableServiceLinks: false,
  })
  t.strictSame(
    variables.map(({ name, value }) => `${name}=${value}`),
    [
      'KUBERNETES_SERVICE_HOST=10.96.0.1',
      'KUBERNETES_SERVICE_PORT=443',
      'KUBERNETES_SERVICE_PORT_HTTPS=443',
      'KUBERNETES_PORT=tcp://10.96.0.1:443',
      'KUBERNETES_PORT_443_TCP=tcp://10.96.0.1:443',
      'KUBERNETES_PORT_443_TCP_PROTO=tcp',
      'KUBERNETES_PORT_443_TCP_PORT=443',
      'KUBERNETES_PORT_443_TCP_ADDR=10.96.0.1',
    ],
  )
  t.ok(variables.every(variable => variable.service === 'default/kubernetes'))
})

const collisions = [
  {
    services: ['shop/foo 10.0.0.1 80', 'shop/foo-service 10.0.0.2 90'],
    variable: 'FOO_SERVICE_PORT',
    value: '80',
    winner: 'shop/foo',
    loser: 'shop/foo-service',
  },
  {
    services: ['shop/foo 10.0.0.1 80-tcp:8080', 'shop/foo-service 10.0.0.2 80'],
    variable: 'FOO_SERVICE_PORT_80_TCP',
    value: '8080',
    winner: 'shop/foo',
    loser: 'shop/foo-service',
  },
  {
    services: ['shop/foo 10.0.0.1 80', 'shop/foo-port-80-tcp 10.0.0.2 80'],
    variable: 'FOO_PORT_80_TCP_PORT',
    value: '80',
    winner: 'shop/foo',
    loser: 'shop/foo-port-80-tcp',
  },
] as const

t.test('serviceVariables() decides collisions by rule and warns', async t => {
  for (const { services, variable, value, winner, loser } of collisions) {
    for (const order of [services, services.toReversed()]) {
      const { variables, warnings } = serviceVariables(order.map(service), {
        namespace: 'shop',
        enableServiceLinks: true,
      })
      t.strictSame(
        variables.filter(({ name }) => name === variable),
        [{ name: variable, value, service: winner }],
      )
      const message = `Cannot set "${variable}" for service "${loser}": held by "${winner}"`
      const warning = { code: 'variable-collision', variable, winner, loser, message }
      t.strictSame(
        warnings.filter(each => each.variable === variable),
        [warning],
      )
    }
  }
})

t.test('joinVariables() keeps the order that it is given, and the first of one name', async t => {
  const given = ['b/web 10.0.0.2 80', 'a/web 10.0.0.1 80', 'a/api 10.0.0.3 80'].map(service)
  const { variables, warnings } = joinVariables(given)
  t.strictSame(
    variables.filter(({ name }) => name.endsWith('_HOST')).map(({ value }) => value),
    ['10.0.0.2', '10.0.0.3'],
  )
  // The port is the same: nothing to choose.
  t.strictSame(
    warnings.map(({ variable, winner, loser }) => `${variable} ${winner} ${loser}`),
    [
      'WEB_SERVICE_HOST b/web a/web',
      'WEB_PORT b/web a/web',
      'WEB_PORT_80_TCP b/web a/web',
      'WEB_PORT_80_TCP_ADDR b/web a/web',
    ],
  )
})

t.test('serviceVariables() gives every Service its port number, whatever the order', async t => {
  const name = fc.constantFrom(
    'a',
    'a-service',
    'a-service-port',
    'a-port-80-tcp',
    'a-service-service',
  )
  const port = fc.constantFrom('80', '80-tcp:8080', 'port:80', 'http:80,90/UDP', 'host:53/SCTP')
  const line = fc.tuple(name, port).map(([n, p]) => service(`shop/${n} 10.0.0.${n.length} ${p}`))
  const services = fc.uniqueArray(line, { selector: each => each.name, maxLength: 5 })
  const options = { namespace: 'shop', enableServiceLinks: true }
  fc.assert(
    fc.property(services, list => {
      const result = serviceVariables(list, options)
      const names = result.variables.map(variable => variable.name)
      const sameBackwards = serviceVariables(list.toReversed(), options)
      const hasNumbers = list.every(({ name: owner, ports }) => {
        const prefix = owner.toUpperCase().replaceAll('-', '_')
        const port = result.variables.find(each => each.name === `${prefix}_SERVICE_PORT`)
        return port?.value === String(ports[0]!.port)
      })
      return (
        hasNumbers &&
        new Set(names).size === names.length &&
        JSON.stringify(result) === JSON.stringify(sameBackwards)
      )
    }),
  )
  t.pass()
})
