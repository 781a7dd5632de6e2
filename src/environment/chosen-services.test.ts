import t from 'tap'
import { objectKey } from '../objects/change.ts'
import { reduceService } from '../objects/service.ts'
import { chosenServices, type ServiceReference } from './chosen-services.ts'

function service(line: string): ReturnType<typeof reduceService> {
  const { namespace, name } = reference(line.split(' ')[0]!)
  const spec = { clusterIP: line.split(' ')[1], ports: [{ port: 80 }] }
  return reduceService({ metadata: { namespace, name }, spec })
}

function reference(key: string): ServiceReference {
  const [namespace = '', name = ''] = key.split('/')
  return { namespace, name }
}

const services = [
  'b/web 10.0.0.3',
  'default/kubernetes 10.96.0.1',
  'a/web 10.0.0.2',
  'shop/web 10.0.0.1',
  'shop/db None',
  'b/kubernetes 10.0.0.9',
  'a/api 10.0.0.4',
]

const cases = [
  {
    name: 'kubernetes is always chosen',
    chosen: [],
    found: ['default/kubernetes'],
  },
  {
    name: 'by name, of one name the own first',
    chosen: ['b/web', 'a/web', 'shop/web', 'a/api', 'a/web'],
    found: ['a/api', 'default/kubernetes', 'shop/web', 'a/web', 'b/web'],
  },
  {
    name: "the cluster's kubernetes before that of another namespace",
    chosen: ['b/kubernetes', 'default/kubernetes'],
    found: ['default/kubernetes', 'b/kubernetes'],
  },
  {
    name: 'a kubernetes of the own namespace takes its place',
    chosen: ['b/kubernetes'],
    namespace: 'b',
    found: ['b/kubernetes'],
  },
  {
    name: 'in default there is one',
    chosen: ['default/kubernetes'],
    namespace: 'default',
    found: ['default/kubernetes'],
  },
  {
    name: 'what there is not',
    chosen: ['shop/none', 'shop/db'],
    found: ['default/kubernetes'],
    missing: ['shop/none'],
    withoutAddress: ['shop/db'],
  },
]

t.test('chosenServices() takes what is named, and kubernetes', async t => {
  for (const each of cases) {
    const { namespace = 'shop', missing = [], withoutAddress = [] } = each
    const choice = { namespace, references: each.chosen.map(reference) }
    for (const order of [services, services.toReversed()]) {
      const result = chosenServices(order.map(service), choice)
      t.strictSame(result.services.map(objectKey), each.found, each.name)
      t.strictSame(result.missing.map(objectKey), missing, `${each.name}: missing`)
      t.strictSame(result.withoutAddress.map(objectKey), withoutAddress, `${each.name}: without`)
    }
  }
})

t.test('chosenServices() knows a kubernetes without address for none', async t => {
  const list = ['default/kubernetes ', 'shop/web 10.0.0.1'].map(service)
  const result = chosenServices(list, { namespace: 'shop', references: [] })
  t.strictSame(result, { services: [], missing: [], withoutAddress: [] })
})
