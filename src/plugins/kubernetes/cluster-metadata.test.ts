import t from 'tap'
import { pod, upserts } from '../../../test/support/cluster-objects.ts'
import { PluginChain, queryOf } from '../../../test/support/plugin-chain.ts'
import { AnswerWriter } from '../../answers/answer-writer.ts'
import { ServiceStore } from '../../store/service-store.ts'
import { ClientTable } from '../../zone/client-table.ts'
import type { Query } from '../handler.ts'

const labels = [
  'namespace',
  'service',
  'endpoint',
  'kind',
  'port-name',
  'protocol',
  'zone',
  'parse-error',
]
const below = 'web.default.svc.cluster.local.'
const none = '- - - - - - - -'
const noForm = '- - - - - - - invalid query name'

/** Namespace, Service, endpoint, kind, port, protocol, topology zone, error: `""` is empty, `-` is unknown. */
const cases: readonly (readonly [name: string, zonal: string, plain?: string])[] = [
  ['cluster.local.', '"" "" "" "" "" "" "" -'],
  ['svc.cluster.local.', '"" "" "" "" "" "" "" -'],
  ['pod.cluster.local.', '"" "" "" "" "" "" "" -'],
  ['foo.cluster.local.', noForm],
  ['ns.dns.cluster.local.', noForm],
  ['dns-version.cluster.local.', noForm],
  ['default.svc.cluster.local.', 'default "" "" svc "" "" "" -'],
  ['gone.svc.cluster.local.', 'gone "" "" svc "" "" "" -'],
  [below, 'default web "" svc "" "" "" -'],
  ['WEB.Default.SVC.cluster.LOCAL.', 'default web "" svc "" "" "" -'],
  ['gone.default.svc.cluster.local.', 'default gone "" svc "" "" "" -'],
  [`one.${below}`, 'default web one svc "" "" "" -'],
  [`10-0-0-1.${below}`, 'default web 10-0-0-1 svc "" "" "" -'],
  [`_tcp.${below}`, 'default web _tcp svc "" "" "" -'],
  [`_http._tcp.${below}`, 'default web "" svc http tcp "" -'],
  [`http.tcp.${below}`, 'default web "" svc http tcp "" -'],
  [`__http._.${below}`, 'default web "" svc _http "" "" -'],
  [`a._http._tcp.${below}`, noForm],
  ['default.pod.cluster.local.', 'default "" "" pod "" "" "" -'],
  ['10-0-0-1.default.pod.cluster.local.', 'default 10-0-0-1 "" pod "" "" "" -'],
  ['x.10-0-0-1.default.pod.cluster.local.', 'default 10-0-0-1 x pod "" "" "" -'],
  ['y.x.10-0-0-1.default.pod.cluster.local.', 'default 10-0-0-1 "" pod y x "" -'],
  ['z.y.x.10-0-0-1.default.pod.cluster.local.', noForm],
  [`eu-1.pin._zone.${below}`, 'default web "" svc "" "" eu-1 -', noForm],
  [`b.c.prefer._zone.${below}`, 'default web "" svc "" "" b.c -', noForm],
  [`b.near._zone.${below}`, noForm],
  [`b.pin.zone.${below}`, noForm],
  ['b.pin._zone.web.default.pod.cluster.local.', noForm],
  [`pin._zone.${below}`, 'default web "" svc pin zone "" -'],
  ['1.0.0.10.in-addr.arpa.', noForm],
  ['in-addr.arpa.', '"" "" "" "" "" "" "" -'],
  ['web.default.svc.a.cluster.local.', 'default web "" svc "" "" "" -'],
  ['a\\.b\\001.default.svc.cluster.local.', 'default a\\.b\\001 "" svc "" "" "" -'],
  ['example.org.', none],
  ['local.', none],
  ['.', none],
]

t.test(
  'names of the zones say what they name, as in CoreDNS, whether or not it exists',
  async t => {
    const chainWith = (options: string): PluginChain =>
      new PluginChain(
        `. {\n metadata\n kubernetes cluster.local a.cluster.local in-addr.arpa {\n ${options}\n }\n}`,
      )
    const zonalChain = chainWith('zonal')
    const plainChain = chainWith('ttl 5')
    t.teardown(() => {
      zonalChain.close()
      plainChain.close()
    })
    for (const [name, zonal, plain = zonal.replace(/\S+ -$/, '- -')] of cases) {
      t.equal(known(zonalChain, name), zonal, `${name} with zonal`)
      t.equal(known(plainChain, name), plain, name)
    }
  },
)

const clients: readonly (readonly [address: string, expected: string])[] = [
  ['172.0.0.1', 'a one web front'],
  ['fd00::1', 'a one web front'],
  ['172.0.0.2', 'a bare - -'],
  ['172.0.0.3', 'a - - -'],
  ['172.0.0.4', '- - - -'],
  ['172.0.0.9', '- - - -'],
]

t.test('pods that ask are known with `pods verified`, whatever they ask for', async t => {
  const table = new AnswerWriter()
  const one = pod('a/one', ['172.0.0.1', 'fd00::1'])
  const both = ['172.0.0.3', '172.0.0.4']
  new ClientTable(table, 'labels').apply(
    new ServiceStore().apply(
      upserts(
        { ...one, labels: { app: 'web', 'example.org/tier': 'front' } },
        pod('a/bare', ['172.0.0.2']),
        pod('a/host', both),
        pod('a/other', ['172.0.0.3']),
        pod('b/host', ['172.0.0.4']),
      ),
    ).pods,
  )
  const asked = ['namespace', 'pod-name', 'label/app', 'label/example.org/tier']
  const ofClient = asked.map(label => `client-${label}`)
  for (const pods of ['verified', 'insecure', 'disabled']) {
    const chain = new PluginChain(`. {\n metadata\n kubernetes a.local {\n pods ${pods}\n }\n}`, {
      clients: table,
    })
    for (const [address, expected] of clients) {
      const query = { client: { ...queryOf('.').client, address } }
      for (const name of ['example.org.', 'x.a.local.']) {
        const found = known(chain, name, { query, of: ofClient })
        t.equal(
          found,
          pods === 'verified' ? expected : '- - - -',
          `${pods}: ${name} from ${address}`,
        )
      }
    }
    chain.close()
  }
})

/** What the block knows of a query for the name. */
function known(
  chain: PluginChain,
  name: string,
  { query = {}, of = labels }: { query?: Partial<Query>; of?: readonly string[] } = {},
): string {
  const { metadata } = chain.chain.prepare(queryOf(name, query))
  return of.map(label => text(metadata.get(`kubernetes/${label}`))).join(' ')
}

function text(value: (() => string) | undefined): string {
  return value ? value() || '""' : '-'
}
