import t from 'tap'
import { PluginChain, queryOf } from '../../../test/support/plugin-chain.ts'

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

/** What the block knows of a query for the name. */
function known(chain: PluginChain, name: string): string {
  const { metadata } = chain.chain.prepare(queryOf(name))
  return labels.map(label => text(metadata.get(`kubernetes/${label}`))).join(' ')
}

function text(value: (() => string) | undefined): string {
  return value ? value() || '""' : '-'
}
