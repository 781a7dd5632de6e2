/** Metrics and logs of serving threads, as the control thread gets them. */
import t from 'tap'
import { AnswerWriter } from '../../src/answers/answer-writer.ts'
import { metricCatalogue } from '../../src/ops/metric-catalogue.ts'
import { Ops } from '../../src/ops/ops.ts'
import type { ServingNews } from '../../src/server/serving-thread.ts'
import { ServingThreads } from '../../src/server/serving-threads.ts'
import { askUdp, plainQuery, TcpClient } from '../support/dns-client.ts'
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

t.test('queries on the fast path and on the chain are counted and logged', async t => {
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
      lines.push(news.text)
      arrived.resolve()
    },
  })
  const binding = threads.bindings[0]!
  await askUdp(binding, plainQuery('web.default.svc.cluster.local'))
  await askUdp(binding, plainQuery('none.default.svc.cluster.local'))
  using client = await TcpClient.open(binding)
  client.send(plainQuery('www.example.org', 'MX'))
  await client.replies(1)
  await arrived.promise
  const text = await (await fetch(`http://127.0.0.1:${ops.portOf(here)}/metrics`)).text()
  const labels = (zone: string): string => `server="dns://:53",zone="${zone}",view=""`
  for (const line of [
    `coredns_dns_requests_total{${labels('cluster.local.')},proto="udp",family="1",type="A"} 2`,
    `coredns_dns_requests_total{${labels('example.org.')},proto="tcp",family="1",type="MX"} 1`,
    `coredns_dns_responses_total{${labels('cluster.local.')},rcode="NOERROR",plugin="kubernetes"} 1`,
    `coredns_dns_responses_total{${labels('cluster.local.')},rcode="NXDOMAIN",plugin="kubernetes"} 1`,
    `coredns_dns_request_duration_seconds_count{${labels('cluster.local.')}} 2`,
  ])
    t.ok(text.includes(`${line}\n`), line)
  t.same(lines, ['www.example.org. tcp 127.0.0.1 REFUSED qr,rd -'])
  await threads.close()
})
