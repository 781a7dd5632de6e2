import t from 'tap'
import { AnswerWriter } from '../../src/answers/answer-writer.ts'
import { parseName } from '../../src/dns/wire-name.ts'
import type { Binding } from '../../src/server/binding.ts'
import { ServingThreads, type ServingThreadsOptions } from '../../src/server/serving-threads.ts'
import { askUdp, decoded, plainQuery } from '../support/dns-client.ts'
import { type Behaviour, type FakeQuery, FakeUpstream } from '../support/fake-upstream.ts'
import { plainAddresses, plainZone } from '../support/plain-answers.ts'
import { quietThreads, servingConfiguration } from '../support/serving-configuration.ts'
import { answering, silent } from '../support/upstream-behaviours.ts'

interface Forwarding extends AsyncDisposable {
  readonly upstream: FakeUpstream
  readonly binding: Binding
}

/** Two serving threads with a cluster zone that forward all else to a fake upstream. */
async function serveForward(
  plugins: string,
  behave: Behaviour,
  onLine: ServingThreadsOptions['onLine'] = () => {},
): Promise<Forwarding> {
  const upstream = await FakeUpstream.open(behave)
  const writer = new AnswerWriter()
  const zone = plainZone('cluster.local')
  writer.setZones([zone])
  writer.put(zone.name, [])
  writer.put(parseName('web.default.svc.cluster.local')!, [plainAddresses(1, 1)])
  writer.markComplete()
  const corefile = `. {\n kubernetes cluster.local\n ${plugins}\n forward . ${upstream.to}\n}`
  const threads = await ServingThreads.start({
    ...quietThreads(),
    count: 2,
    configuration: servingConfiguration(writer, corefile),
    onLine,
  })
  return {
    upstream,
    binding: threads.bindings[0]!,
    async [Symbol.asyncDispose]() {
      await threads.close()
      await upstream[Symbol.asyncDispose]()
    },
  }
}

t.test(
  '50 clients that ask one name are one question upstream, whichever thread they meet',
  async t => {
    await using server = await serveForward('', query => setTimeout(answering, 100, query))
    const message = plainQuery('web.example')
    const replies = await Promise.all(
      Array.from({ length: 50 }, async () => askUdp(server.binding, message)),
    )
    for (const reply of replies) {
      t.match(decoded(reply), { flag_ra: true, flag_aa: false, answers: [{ data: '192.0.2.1' }] })
    }
    t.strictSame(server.upstream.asked, ['udp web.example A'])
  },
)

t.test('names of the cluster are answered while the upstream is silent', async t => {
  await using server = await serveForward('', silent)
  const waiting = Array.from({ length: 100 }, async (_, n) =>
    askUdp(server.binding, plainQuery(`n${n}.example`)),
  )
  const startedMs = performance.now()
  const reply = decoded(await askUdp(server.binding, plainQuery('web.default.svc.cluster.local')))
  t.match(reply.answers, [{ data: '10.0.0.1' }])
  t.ok(performance.now() - startedMs < 300)
  await Promise.all(waiting)
})

t.test('an upstream that asks this server ends in SERVFAIL for what is forwarded', async t => {
  const lines: string[] = []
  const found = Promise.withResolvers<void>()
  const bound = Promise.withResolvers<Binding>()
  const askBack = async (query: FakeQuery): Promise<void> => {
    const reply = await askUdp(await bound.promise, query.message)
    if (reply) query.send(reply)
  }
  await using server = await serveForward(
    'loop',
    query => void askBack(query),
    line => {
      if (line.type === 'log') lines.push(line.text)
      if (lines.length === 2) found.resolve()
    },
  )
  bound.resolve(server.binding)
  await found.promise
  for (const line of lines) {
    t.match(line, /^Loop \(127\.0\.0\.1:\d+ -> :53\) detected for zone "\."/)
  }
  for (let n = 0; n < 8; n++) {
    const reply = decoded(await askUdp(server.binding, plainQuery(`n${n}.example`)))
    t.equal(reply.rcode, 'SERVFAIL')
  }
  const reply = decoded(await askUdp(server.binding, plainQuery('web.default.svc.cluster.local')))
  t.match(reply.answers, [{ data: '10.0.0.1' }])
})
