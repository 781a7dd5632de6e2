import t from 'tap'
import { master, serviceOf } from '../../test/support/pod-review-run.ts'
import type { Service } from '../objects/service.ts'
import { VariableSets } from './variable-sets.ts'

const shop = { namespace: 'shop', enableServiceLinks: true, services: undefined }

t.test('VariableSets.setOf() is worked out anew when a Service or the server changed', async t => {
  const views = new Map<string, Service>()
  const put = (line: string): unknown => views.set(line.split(' ')[0]!, serviceOf(line))
  const options = {
    cluster: {
      services: (namespace: string) =>
        [...views.values(), undefined]
          .filter(service => service === undefined || service.namespace === namespace)
          .map(service => ({ service })),
    },
    serverVersion: { major: 1, minor: 31 },
  }
  const sets = new VariableSets(options)
  const hosts = (): string[] =>
    sets
      .setOf(shop)
      .entries.filter(({ name }) => name.endsWith('_SERVICE_HOST'))
      .map(({ name, value }) => `${name.replace('_SERVICE_HOST', '')} ${value}`)

  put(master)
  put('shop/3scale 10.0.0.1 80')
  t.strictSame(hosts(), ['KUBERNETES 10.96.0.1'])
  t.equal(sets.setOf(shop), sets.setOf(shop), 'the same object while nothing changes')
  t.not(sets.setOf({ ...shop, namespace: 'other' }), sets.setOf(shop))

  options.serverVersion = { major: 1, minor: 32 }
  t.strictSame(hosts(), ['3SCALE 10.0.0.1', 'KUBERNETES 10.96.0.1'])
  put('shop/web 10.0.0.2 80')
  t.strictSame(hosts(), ['3SCALE 10.0.0.1', 'KUBERNETES 10.96.0.1', 'WEB 10.0.0.2'])
  put('shop/web 10.0.0.3 80')
  t.strictSame(hosts(), ['3SCALE 10.0.0.1', 'KUBERNETES 10.96.0.1', 'WEB 10.0.0.3'])
  views.delete('shop/3scale')
  t.strictSame(hosts(), ['KUBERNETES 10.96.0.1', 'WEB 10.0.0.3'])
})

t.test('VariableSets.setOf() passes on that the Services are not known', async t => {
  const cluster = {
    services: () => {
      throw new Error('not synced')
    },
  }
  const sets = new VariableSets({ cluster, serverVersion: undefined })
  t.throws(() => sets.setOf(shop), { message: 'not synced' })
})

t.test('VariableSets.setOf() says why a chosen Service has no variables', async t => {
  const services = [master, 'shop/db None 5432'].map(serviceOf)
  const cluster = {
    services: (namespace: string) =>
      services.filter(each => each.namespace === namespace).map(service => ({ service })),
  }
  const sets = new VariableSets({ cluster, serverVersion: undefined })
  const chosen = [
    { namespace: 'shop', name: 'db' },
    { namespace: 'production', name: 'db' },
  ]
  t.strictSame(sets.setOf({ ...shop, services: chosen }).warnings, [
    'annotation signpost.dev/services: service "production/db" is not there',
    'annotation signpost.dev/services: service "shop/db" has no cluster IP, so no variables',
  ])
})
