import t from 'tap'
import { reduceService } from '../objects/service.ts'
import { hasVariables, isMaster, linkedServices } from './linked-services.ts'

/** `shop/web 10.0.0.1`, with port 80; `-` for no address, `!` behind it for no port. */
function service(line: string): ReturnType<typeof reduceService> {
  const [key = '', clusterIP = ''] = line.split(' ')
  const [namespace, name] = key.split('/')
  const ports = clusterIP.endsWith('!') ? [] : [{ port: 80 }]
  const spec = { clusterIP: clusterIP.replace(/[!-]/, ''), ports }
  return reduceService({ metadata: { namespace, name }, spec })
}

const master = 'default/kubernetes 10.96.0.1'

const cases = [
  {
    name: 'own namespace and kubernetes, by name',
    services: ['shop/web 10.0.0.2', master, 'other/db 10.0.0.3', 'shop/api 10.0.0.4'],
    linked: ['shop/api', 'default/kubernetes', 'shop/web'],
  },
  {
    name: 'listed by name, and the other way round',
    services: ['shop/a 10.0.0.1', 'shop/b 10.0.0.2', 'shop/d 10.0.0.4', 'shop/c 10.0.0.3'],
    linked: ['shop/a', 'shop/b', 'shop/c', 'shop/d'],
  },
  {
    name: 'no links: kubernetes alone, also in its own namespace',
    services: ['default/web 10.0.0.2', master],
    namespace: 'default',
    enableServiceLinks: false,
    linked: ['default/kubernetes'],
  },
  {
    name: 'a kubernetes of the own namespace overrides, listed first',
    services: ['shop/kubernetes 10.0.0.5', master],
    linked: ['shop/kubernetes'],
  },
  {
    name: 'a kubernetes of the own namespace overrides, listed last',
    services: [master, 'shop/kubernetes 10.0.0.5'],
    linked: ['shop/kubernetes'],
  },
  {
    name: 'not without links',
    services: [master, 'shop/kubernetes 10.0.0.5'],
    enableServiceLinks: false,
    linked: ['default/kubernetes'],
  },
  {
    name: 'headless, ExternalName, not yet allocated and portless ones do not count',
    services: [master, 'shop/kubernetes None', 'shop/b -', 'shop/c 10.0.0.1!'],
    linked: ['default/kubernetes'],
  },
]

t.test('linkedServices() takes the Services that the kubelet takes', async t => {
  for (const { name, services, namespace = 'shop', enableServiceLinks = true, linked } of cases) {
    const found = linkedServices(services.map(service), { namespace, enableServiceLinks })
    t.strictSame(
      found.map(each => `${each.namespace}/${each.name}`),
      linked,
      name,
    )
  }
})

t.test('hasVariables() and isMaster()', async t => {
  t.equal(hasVariables(service('shop/web fd00::1')), true)
  t.equal(hasVariables(service('shop/web None')), false)
  t.equal(isMaster(service(master)), true)
  t.equal(isMaster(service('shop/kubernetes 10.0.0.1')), false)
  t.equal(isMaster(service('default/web 10.0.0.1')), false)
})
