import t from 'tap'
import { namespace, service, upserts } from '../../../test/support/cluster-objects.ts'
import { PluginChain, renderReply } from '../../../test/support/plugin-chain.ts'
import { AnswerWriter } from '../../answers/answer-writer.ts'
import { SinkParts } from '../../answers/sink-parts.ts'
import { QueryScan } from '../../dns/query-scan.ts'
import { parseName } from '../../dns/wire-name.ts'
import { ServedBlock } from '../../server/served-block.ts'
import { ServiceStore } from '../../store/service-store.ts'
import { ClusterZone } from '../../zone/cluster-zone.ts'
import { ExternalZone } from '../../zone/external-zone.ts'

function externalChain(options = '', kubernetes = 'kubernetes cluster.local'): PluginChain {
  const answers = new AnswerWriter()
  const parts = new SinkParts(answers)
  const delta = new ServiceStore().apply(
    upserts(
      namespace('default'),
      service('default/web', { ips: ['10.0.0.1'], ports: ['http:80'], externalIPs: ['192.0.2.1'] }),
      service('default/lb', { ips: ['10.0.0.2'], ports: ['80'], loadBalancer: ['lb.example.net'] }),
    ),
  )
  const external = {
    zones: ['example.org'],
    apexLabel: 'dns',
    ttlSeconds: 5,
    headless: false,
  } as const
  for (const zone of [
    new ClusterZone({}, parts.part()),
    new ExternalZone({ ...external, cluster: {} }, parts.part()),
  ]) {
    zone.apply(delta, 1)
  }
  answers.markComplete()
  return new PluginChain(`. {\n ${kubernetes}\n k8s_external example.org {\n ${options}\n }\n}`, {
    answers,
    askServer: () => ({
      rcode: 0,
      authoritative: false,
      answers: [
        {
          name: parseName('lb.example.net')!,
          type: 1,
          ttlSeconds: 9,
          rdata: Uint8Array.of(192, 0, 2, 9),
        },
      ],
    }),
  })
}

t.test('k8s_external answers outer names, kubernetes inner ones', async t => {
  const chain = externalChain()
  t.teardown(() => chain.close())
  const cases: readonly [query: string, rcode: string, answer: readonly string[]][] = [
    ['web.default.example.org. A', 'NOERROR', ['web.default.example.org. 5 IN A 192.0.2.1']],
    [
      'web.default.svc.cluster.local. A',
      'NOERROR',
      ['web.default.svc.cluster.local. 5 IN A 10.0.0.1'],
    ],
    [
      'lb.default.example.org. A',
      'NOERROR',
      ['lb.default.example.org. 5 IN CNAME lb.example.net.', 'lb.example.net. 9 IN A 192.0.2.9'],
    ],
    ['gone.default.example.org. A', 'NXDOMAIN', []],
    ['example.org. AXFR', 'REFUSED', []],
    ['example.com. A', 'REFUSED', []],
  ]
  for (const [query, rcode, answer] of cases) {
    const reply = renderReply(await chain.ask(query))
    t.strictSame([reply.rcode, reply.answer], [rcode, answer], query)
  }
})

t.test('k8s_external leaves missing names to the next plugin where it is told to', async t => {
  const chain = externalChain('fallthrough a.example.org')
  t.teardown(() => chain.close())
  t.match(renderReply(await chain.ask('b.a.example.org. A')), { rcode: 'REFUSED' })
  t.match(renderReply(await chain.ask('b.c.example.org. A')), { rcode: 'NXDOMAIN' })
})

t.test('the fast path answers for both, save for what one of them leaves open', async t => {
  const isOpen = (chain: PluginChain, name: string): boolean | undefined => {
    const block = new ServedBlock([new Uint8Array(1)], chain.chain)
    const scan = new QueryScan()
    const wire = parseName(name)!
    scan.name.set(wire)
    scan.nameBytes = wire.length
    return block.limits?.isMissingOpen(scan)
  }
  const plain = externalChain()
  const external = externalChain('fallthrough')
  const both = externalChain('', 'kubernetes cluster.local {\n fallthrough\n }')
  t.teardown(() => [plain, external, both].forEach(chain => chain.close()))
  t.equal(isOpen(plain, 'x.example.org'), false)
  t.equal(isOpen(external, 'x.example.org'), true)
  t.equal(isOpen(external, 'x.cluster.local'), false)
  t.equal(isOpen(both, 'x.cluster.local'), true)
  t.equal(new ServedBlock([], plain.chain).limits?.aliases, 'leave')
})

t.test('k8s_external tells what is wrong with a directive', async t => {
  const cases: readonly [options: string, kubernetes: string | undefined, message: RegExp][] = [
    ['', 'transfer {\n to *\n }', /k8s_external: needs kubernetes in the same server block/],
    ['ttl 3601', undefined, /Corefile:4: k8s_external ttl: expected a whole number from 0 to 3600/],
    ['apex a.b', undefined, /Corefile:4: k8s_external apex: expected a label like dns/],
    ['nothing', undefined, /Corefile:4: nothing is not a property of k8s_external/],
  ]
  for (const [options, kubernetes, message] of cases) {
    t.throws(() => externalChain(options, kubernetes), { message })
  }
  const reverse = '. {\n kubernetes cluster.local\n k8s_external in-addr.arpa\n}'
  t.throws(() => new PluginChain(reverse), { message: /leave reverse zones out/ })
})
