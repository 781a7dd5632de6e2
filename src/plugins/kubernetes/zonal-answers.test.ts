import t from 'tap'
import {
  endpoint,
  namespace,
  service,
  slice,
  upserts,
} from '../../../test/support/cluster-objects.ts'
import { PluginChain, renderReply } from '../../../test/support/plugin-chain.ts'
import { AnswerWriter } from '../../answers/answer-writer.ts'
import { ServiceStore } from '../../store/service-store.ts'
import { ClusterZone } from '../../zone/cluster-zone.ts'

const base = 'db.default.svc.cluster.local.'
const soa = /^cluster\.local\. 5 IN SOA /

function zonalChain(options = 'zonal'): PluginChain {
  const answers = new AnswerWriter()
  const zone = new ClusterZone({ zonal: true }, answers)
  zone.apply(
    new ServiceStore().apply(
      upserts(
        namespace('default'),
        service('default/db', { ips: ['None'] }),
        service('default/web', { ips: ['10.0.0.1'], ports: ['http:80'] }),
        slice('default/db/a', {
          ports: ['sql:5432'],
          endpoints: [
            endpoint('172.0.0.1', { hostname: 'one', zone: 'a' }),
            endpoint('172.0.0.2', { hostname: 'two', zone: 'b.c' }),
          ],
        }),
      ),
    ),
    1,
  )
  answers.markComplete()
  return new PluginChain(`. {\n kubernetes cluster.local {\n ${options}\n }\n}`, { answers })
}

const cases: readonly [query: string, rcode: string, answer: readonly string[]][] = [
  [`a.pin._zone.${base} A`, 'NOERROR', [`a.pin._zone.${base} 5 IN A 172.0.0.1`]],
  [`b.c.prefer._zone.${base} A`, 'NOERROR', [`b.c.prefer._zone.${base} 5 IN A 172.0.0.2`]],
  [`d.pin._zone.${base} A`, 'NOERROR', []],
  [`d.pin._zone.${base} TXT`, 'NOERROR', []],
  [
    `x.d.prefer._zone.${base} A`,
    'NOERROR',
    [`x.d.prefer._zone.${base} 5 IN A 172.0.0.1`, `x.d.prefer._zone.${base} 5 IN A 172.0.0.2`],
  ],
  [`d.prefer._zone.${base} AAAA`, 'NOERROR', []],
  [
    `d.prefer._zone.${base} SRV`,
    'NOERROR',
    [
      `d.prefer._zone.${base} 5 IN SRV 0 50 5432 one.${base}`,
      `d.prefer._zone.${base} 5 IN SRV 0 50 5432 two.${base}`,
    ],
  ],
  [`d.near._zone.${base} A`, 'NXDOMAIN', []],
  [`d.pin.zone.${base} A`, 'NXDOMAIN', []],
  [`d.pin._zone.web.default.svc.cluster.local. A`, 'NXDOMAIN', []],
  [`d.pin._zone.gone.default.svc.cluster.local. A`, 'NXDOMAIN', []],
]

t.test('names by zone are answered whether or not an endpoint is there', async t => {
  const chain = zonalChain()
  t.teardown(() => chain.close())
  for (const [query, rcode, answer] of cases) {
    const reply = renderReply(await chain.ask(query))
    t.match(
      { ...reply, answer: reply.answer.toSorted((a, b) => (a < b ? -1 : 1)) },
      { rcode, answer },
      query,
    )
    t.equal(reply.answer.length, answer.length, query)
    if (answer.length === 0) t.match(reply.authority, [soa], query)
  }
})

t.test('without zonal unknown zones have no names', async t => {
  const chain = zonalChain('ttl 5')
  t.teardown(() => chain.close())
  t.match(renderReply(await chain.ask(`d.prefer._zone.${base} A`)), { rcode: 'NXDOMAIN' })
})

t.test('a selector that cannot be read is told with its line', async t => {
  t.throws(() => zonalChain('labels a in b'), {
    message: `Corefile:3: kubernetes labels: "a in b" is no label selector: unable to parse requirement: found 'b', expected: '('`,
  })
  t.throws(() => zonalChain('namespace_labels a,'), { message: /^Corefile:3: / })
})
