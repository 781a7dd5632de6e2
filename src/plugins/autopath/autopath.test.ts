import { join } from 'node:path'
import t from 'tap'
import { namespace, pod, service, upserts } from '../../../test/support/cluster-objects.ts'
import { PluginChain, renderReply } from '../../../test/support/plugin-chain.ts'
import { AnswerWriter } from '../../answers/answer-writer.ts'
import { isSameName, parseName } from '../../dns/wire-name.ts'
import { ServiceStore } from '../../store/service-store.ts'
import { ClientTable } from '../../zone/client-table.ts'
import { ClusterZone } from '../../zone/cluster-zone.ts'
import type { Handler, Query } from '../handler.ts'

const outside: Handler = query =>
  isSameName(query.name, parseName('www.example.org')!)
    ? {
        rcode: 0,
        authoritative: false,
        answers: [
          { name: query.spelling, type: 1, ttlSeconds: 9, rdata: Uint8Array.of(192, 0, 2, 1) },
        ],
      }
    : { rcode: 3, authoritative: false }

function pathChain(line: string): PluginChain {
  const answers = new AnswerWriter()
  const clients = new AnswerWriter()
  const delta = new ServiceStore().apply(
    upserts(
      namespace('a'),
      namespace('b'),
      service('b/web', { ips: ['10.0.0.1'], ports: ['80'] }),
      pod('a/one', ['172.0.0.1']),
      pod('a/host', ['172.0.0.2']),
      pod('b/host', ['172.0.0.2']),
    ),
  )
  new ClusterZone({ pods: 'verified' }, answers).apply(delta, 1)
  new ClientTable(clients, 'name').apply(delta.pods)
  answers.markComplete()
  const corefile = `. {\n ${line}\n kubernetes cluster.local {\n pods verified\n }\n}`
  return new PluginChain(corefile, { answers, clients, behind: outside })
}

function from(address: string): Partial<Query> {
  return { client: { address, port: 1, family: 'IPv4', transport: 'udp' } }
}

const end = 'a.svc.cluster.local.'
const cases: readonly [query: string, client: string, rcode: string, answer: readonly string[]][] =
  [
    [
      `www.example.org.${end} A`,
      '172.0.0.1',
      'NOERROR',
      [`www.example.org.${end} 9 IN CNAME www.example.org.`, 'www.example.org. 9 IN A 192.0.2.1'],
    ],
    [
      `web.b.${end} A`,
      '172.0.0.1',
      'NOERROR',
      [
        `web.b.${end} 5 IN CNAME web.b.svc.cluster.local.`,
        'web.b.svc.cluster.local. 5 IN A 10.0.0.1',
      ],
    ],
    [`web.b.${end} TXT`, '172.0.0.1', 'NOERROR', []],
    [`gone.example.org.${end} A`, '172.0.0.1', 'NXDOMAIN', []],
    [`www.example.org.${end} A`, '172.0.0.9', 'NXDOMAIN', []],
    [`www.example.org.${end} A`, '172.0.0.2', 'NXDOMAIN', []],
    [`www.example.org.${end} A`, 'nobody', 'NXDOMAIN', []],
    ['www.example.org.b.svc.cluster.local. A', '172.0.0.1', 'NXDOMAIN', []],
    [
      'web.b.svc.cluster.local. A',
      '172.0.0.1',
      'NOERROR',
      ['web.b.svc.cluster.local. 5 IN A 10.0.0.1'],
    ],
    [`${end} A`, '172.0.0.1', 'NOERROR', []],
  ]

t.test('autopath walks the search path of the pod that asks', async t => {
  const chain = pathChain('autopath @kubernetes')
  t.teardown(() => chain.close())
  for (const [query, client, rcode, answer] of cases) {
    const reply = renderReply(await chain.ask(query, from(client)))
    t.strictSame([reply.rcode, reply.answer], [rcode, answer], `${query} from ${client}`)
  }
  t.equal(chain.count('coredns_autopath_success_total', { server: 'dns://:53' }), 3)
})

t.test('autopath takes the search path of a file, in its zones', async t => {
  const path = join(
    t.testdir({ conf: 'search x.\nsearch a.svc.cluster.local svc.cluster.local a..b\n' }),
    'conf',
  )
  const chain = pathChain(`autopath cluster.local ${path}`)
  t.teardown(() => chain.close())
  t.match(renderReply(await chain.ask(`web.b.${end} A`)), { rcode: 'NOERROR' })
  t.match(renderReply(await chain.ask('x.example.net. A')), { rcode: 'NXDOMAIN' })
})

t.test('autopath tells what is wrong with a directive', async t => {
  t.throws(() => pathChain('autopath'), { message: /autopath: expected a word/ })
  t.throws(() => pathChain('autopath @etcd'), { message: /only @kubernetes knows search paths/ })
  t.throws(() => pathChain('autopath a..b @kubernetes'), { message: /expected a zone/ })
  t.throws(() => pathChain('autopath /no/such/file'), {
    message:
      /^Corefile:2: autopath: expected @kubernetes or a file like .*, not "\/no\/such\/file", which cannot be read \(ENOENT\)$/,
  })
})

t.test('autopath @kubernetes needs to know the pods', async t => {
  const cases: readonly [lines: string, message: RegExp][] = [
    ['autopath @kubernetes', /^Corefile:2: autopath: @kubernetes needs kubernetes in the same /],
    [
      'autopath @kubernetes\n kubernetes cluster.local',
      /^Corefile:2: autopath: @kubernetes needs "pods verified" .*, which has "pods disabled"/,
    ],
    [
      'kubernetes cluster.local {\n pods insecure\n }\n autopath @kubernetes',
      /^Corefile:5: autopath: @kubernetes needs "pods verified" .*, which has "pods insecure"/,
    ],
  ]
  for (const [lines, message] of cases) {
    t.throws(() => new PluginChain(`. {\n ${lines}\n}`), { message }, lines)
  }
})
