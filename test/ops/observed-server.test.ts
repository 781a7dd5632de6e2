/** Metrics and logs of serving threads, as the control thread gets them. */
import packet from 'dns-packet'
import t from 'tap'
import { AnswerWriter } from '../../src/answers/answer-writer.ts'
import { metricCatalogue } from '../../src/ops/metric-catalogue.ts'
import { Ops } from '../../src/ops/ops.ts'
import type { ServingNews } from '../../src/server/serving-thread.ts'
import { ServingThreads } from '../../src/server/serving-threads.ts'
import { askUdp, ednsQuery, plainQuery, TcpClient } from '../support/dns-client.ts'
import { plainAddresses, plainZone } from '../support/plain-answers.ts'
import { quietThreads, servingConfiguration } from '../support/serving-configuration.ts'
import { parseName } from '../../src/dns/wire-name.ts'

const here = { host: '127.0.0.1', port: 0 }

function clusterAnswers(): AnswerWriter {
  const writer = new AnswerWriter()
  const zone = plainZone('cluster.local')
  writer.setZones([zone])
  writer.put(zone.name, [])
  writer.put(parseName('web.default.svc.cluster.local')!, [plainAddresses(1, 1)])
  writer.markComplete()
  return writer
}

/** A question of class CH, which no link of the block wants. */
const otherClass = packet.encode({
  type: 'query',
  id: 2,
  flags: packet.RECURSION_DESIRED,
  questions: [{ type: 'TXT', class: 'CH', name: 'example.org' }],
})

t.test(
  'queries on the fast path, on the chain and of other classes are counted and logged',
  async t => {
    const lines: string[] = []
    const arrived = Promise.withResolvers<void>()
    await using ops = new Ops({ logger: quietThreads().logger, version: '1', revision: '' })
    await ops.configure({ health: [], ready: [], metrics: [here] })
    const threads = await ServingThreads.start({
      ...quietThreads(),
      count: 1,
      configuration: servingConfiguration(
        clusterAnswers(),
        `cluster.local example.org {
        prometheus
        errors
        metadata
        log . "{name} {proto} {local} {rcode} {>rflags} {/test/none}" {
          class error
        }
        kubernetes cluster.local
      }`,
      ),
      onMetric: (thread, series) => {
        ops.addSeries(thread, series)
        const { kind, labels, buckets = [] } = metricCatalogue.get(series.name)!
        t.same([series.kind, series.buckets], [kind, buckets], series.name)
        t.same(Object.keys(series.labels).toSorted(), labels.toSorted(), series.name)
      },
      onLine: (news: Extract<ServingNews, { type: 'log' | 'lines' }>) => {
        lines.push(...news.text.split('\n'))
        if (news.text.includes('www.')) arrived.resolve()
      },
    })
    const binding = threads.bindings[0]!
    await askUdp(binding, plainQuery('web.default.svc.cluster.local'))
    await askUdp(binding, plainQuery('none.default.svc.cluster.local'))
    await askUdp(binding, otherClass)
    using client = await TcpClient.open(binding)
    client.send(plainQuery('www.example.org', 'MX'))
    await client.replies(1)
    await arrived.promise
    const text = await (await fetch(`http://127.0.0.1:${ops.portOf(here)}/metrics`)).text()
    const labels = (zone: string): string => `server="dns://:53",zone="${zone}",view=""`
    for (const line of [
      `coredns_dns_requests_total{${labels('cluster.local.')},proto="udp",family="1",type="A"} 2`,
      `coredns_dns_requests_total{${labels('example.org.')},proto="tcp",family="1",type="MX"} 1`,
      `coredns_dns_requests_total{${labels('example.org.')},proto="udp",family="1",type="TXT"} 1`,
      `coredns_dns_responses_total{${labels('cluster.local.')},rcode="NOERROR",plugin="kubernetes"} 1`,
      `coredns_dns_responses_total{${labels('cluster.local.')},rcode="NXDOMAIN",plugin="kubernetes"} 1`,
      `coredns_dns_request_duration_seconds_count{${labels('cluster.local.')}} 2`,
    ])
      t.ok(text.includes(`${line}\n`), line)
    t.same(lines, [
      'example.org. udp 127.0.0.1 REFUSED qr,rd -',
      'www.example.org. tcp 127.0.0.1 REFUSED qr,rd -',
    ])
    await threads.close()
  },
)

t.test('what no block takes is counted as dropped, as in CoreDNS', async t => {
  await using ops = new Ops({ logger: quietThreads().logger, version: '1', revision: '' })
  await ops.configure({ health: [], ready: [], metrics: [here] })
  const threads = await ServingThreads.start({
    ...quietThreads(),
    count: 1,
    configuration: servingConfiguration(
      clusterAnswers(),
      'example.org {\n prometheus\n whoami\n}\nempty.example {\n}\nquiet.example {\n whoami\n}',
    ),
    onMetric: (thread, series) => ops.addSeries(thread, series),
  })
  const binding = threads.bindings[0]!
  const scrape = async (): Promise<string[]> => {
    const text = await (await fetch(`http://127.0.0.1:${ops.portOf(here)}/metrics`)).text()
    return text.split('\n').filter(line => line.includes('zone="dropped"'))
  }
  await askUdp(binding, plainQuery('www.example.org'))
  t.strictSame(await scrape(), [], 'no series before there is something to count')
  const chaos = plainQuery('www.example.org', 'TXT')
  chaos.writeUInt16BE(3, chaos.length - 2)
  const badVersion = ednsQuery('www.example.net')
  badVersion[badVersion.length - 5] = 1
  for (const query of [
    plainQuery('www.example.net'),
    plainQuery('www.empty.example', 'AAAA'),
    // These are not counted: a block has them, and what is no query to us.
    chaos,
    plainQuery('www.quiet.example'),
    plainQuery('www.example.net').fill(0xff, 4, 6),
    badVersion,
  ])
    await askUdp(binding, query)
  using client = await TcpClient.open(binding)
  client.send(plainQuery('www.example.net'))
  await client.replies(1)
  const dropped = 'server="dns://:53",zone="dropped",view=""'
  const lines = await scrape()
  t.strictSame(
    lines.filter(line => /^coredns_dns_(requests|responses|do_requests)_total/.test(line)),
    [
      `coredns_dns_requests_total{${dropped},proto="udp",family="1",type="A"} 1`,
      `coredns_dns_requests_total{${dropped},proto="udp",family="1",type="AAAA"} 1`,
      `coredns_dns_requests_total{${dropped},proto="tcp",family="1",type="A"} 1`,
      `coredns_dns_responses_total{${dropped},rcode="REFUSED",plugin=""} 3`,
    ],
  )
  for (const name of ['duration_seconds_count{', 'size_bytes_count{'])
    t.ok(
      lines.some(line => line.startsWith(`coredns_dns_request_${name}${dropped}`)),
      name,
    )
  await threads.close()
})
