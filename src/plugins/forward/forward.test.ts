import t, { type Test } from 'tap'
import { FakeUpstream, type Behaviour } from '../../../test/support/fake-upstream.ts'
import { PluginChain, renderReply } from '../../../test/support/plugin-chain.ts'
import {
  address,
  answering,
  flags,
  malformed,
  nameOf,
  replying,
  replyTo,
  silent,
  soa,
  truncating,
} from '../../../test/support/upstream-behaviours.ts'

/** A chain that forwards to a server that does this; both end with the test. */
async function forwardTo(
  t: Test,
  behave: Behaviour,
  options = '',
): Promise<{ chain: PluginChain; upstream: FakeUpstream }> {
  const upstream = await FakeUpstream.open(behave)
  const chain = new PluginChain(`. {\n forward . ${upstream.to} {\n${options}\n}\n}`)
  t.teardown(async () => {
    chain.close()
    await upstream[Symbol.asyncDispose]()
  })
  return { chain, upstream }
}

const right = 'web.example. 60 IN A 192.0.2.1'

interface Case {
  readonly what: string
  readonly behave: Behaviour
  readonly options?: string
  readonly rcode?: string
  readonly answer?: readonly string[]
  readonly authority?: readonly string[]
  /** What the upstream is asked, over what. */
  readonly asked?: readonly string[]
  readonly error?: RegExp
  readonly withinMs?: number
}

const cases: readonly Case[] = [
  { what: 'an answer', behave: answering, answer: [right], asked: ['udp web.example A'] },
  {
    what: 'records that were not asked for stay behind',
    behave: query =>
      query.send(
        replyTo(query, {
          answers: [address('web.example'), address('www.victim', '192.0.2.66')],
          authorities: [{ type: 'NS', name: 'example', ttl: 60, data: 'ns.victim' }],
          additionals: [address('ns.victim', '192.0.2.66')],
        }),
      ),
    answer: [right],
  },
  {
    what: 'NXDOMAIN with its SOA',
    behave: replying({ rcode: 3, authorities: [soa('example')] }),
    rcode: 'NXDOMAIN',
    authority: ['example. 300 IN SOA ns.example. root.example. 1 2 3 4 5'],
  },
  { what: 'REFUSED as it is', behave: replying({ rcode: 5 }), rcode: 'REFUSED' },
  { what: 'SERVFAIL as it is', behave: replying({ rcode: 2 }), rcode: 'SERVFAIL' },
  {
    what: 'a referral is none',
    behave: replying({
      authorities: [{ type: 'NS', name: 'example', ttl: 60, data: 'ns.example' }],
    }),
    rcode: 'SERVFAIL',
    error: /referral/,
  },
  {
    what: 'a cut reply is asked for again over TCP',
    behave: truncating,
    answer: [right],
    asked: ['udp web.example A', 'tcp web.example A'],
  },
  {
    what: 'force_tcp',
    behave: answering,
    options: 'force_tcp',
    answer: [right],
    asked: ['tcp web.example A'],
  },
  {
    what: 'one wrong id is ignored',
    behave: query => {
      query.send(replyTo(query, { id: (query.decoded.id! + 1) & 0xffff }))
      answering(query)
    },
    answer: [right],
    asked: ['udp web.example A'],
  },
  {
    what: 'many wrong ids lead to TCP',
    behave: query => {
      if (query.transport === 'udp') {
        for (let i = 1; i <= 100; i++) {
          const forged = [address('web.example', '192.0.2.66')]
          query.send(replyTo(query, { id: (query.decoded.id! + i) & 0xffff, answers: forged }))
        }
      }
      answering(query)
    },
    answer: [right],
    asked: ['udp web.example A', 'tcp web.example A'],
  },
  {
    what: 'the answer to another name is ignored',
    behave: query => {
      const forged = [address('evil.example', '192.0.2.66')]
      query.send(replyTo(query, { name: 'evil.example', answers: forged }))
      answering(query)
    },
    answer: [right],
  },
  {
    what: 'what comes from another port is not even seen',
    behave: query => {
      const forged = [address('web.example', '192.0.2.66')]
      for (let i = 0; i < 5; i++) query.sendFromElsewhere(replyTo(query, { answers: forged }))
      setTimeout(answering, 20, query)
    },
    answer: [right],
    asked: ['udp web.example A'],
  },
  {
    what: 'a malformed reply is a failure, and is tried again',
    behave: query => (query.number === 0 ? malformed(query) : answering(query)),
    answer: [right],
    asked: ['udp web.example A', 'udp web.example A'],
  },
  {
    what: 'malformed replies all the time',
    behave: malformed,
    rcode: 'SERVFAIL',
    error: /^malformed reply from 127\.0\.0\.1:\d+$/,
    withinMs: 1000,
  },
  {
    what: 'a server without EDNS is asked without',
    behave: query =>
      query.decoded.additionals?.length ? replying({ rcode: 1 })(query) : answering(query),
    answer: [right],
    asked: ['udp web.example A', 'udp web.example A'],
  },
  {
    what: 'no answer in time',
    behave: query => (query.text.endsWith(' NS') ? answering(query) : silent(query)),
    options: 'read_timeout 60ms',
    rcode: 'SERVFAIL',
    error: /^read udp 127\.0\.0\.1:\d+->127\.0\.0\.1:\d+: i\/o timeout$/,
    withinMs: 2000,
  },
  {
    what: 'no answer over TCP',
    behave: query => (query.text.endsWith(' NS') ? answering(query) : silent(query)),
    options: 'read_timeout 60ms\nforce_tcp',
    rcode: 'SERVFAIL',
    error: /^read tcp 127\.0\.0\.1:\d+->127\.0\.0\.1:\d+: i\/o timeout$/,
    withinMs: 2000,
  },
  {
    what: 'a connection that ends before the reply',
    behave: query => query.hangUp(),
    options: 'force_tcp\nmax_fails 0',
    rcode: 'SERVFAIL',
    error: /EOF/,
    withinMs: 1000,
  },
]

for (const { what, behave, options, withinMs = 3000, ...expected } of cases) {
  t.test(`forward: ${what}`, async t => {
    const { chain, upstream } = await forwardTo(t, behave, options)
    const startedMs = performance.now()
    const reply = await chain.ask('web.example A')
    t.ok(performance.now() - startedMs < withinMs, 'in time')
    const { rcode = 'NOERROR', answer = [], authority = [], asked, error } = expected
    t.strictSame(renderReply(reply), { rcode, answer, authority, additional: [] })
    if (error) t.match(reply.error, error)
    t.equal(reply.authoritative, false)
    t.equal(reply.recursionAvailable, true)
    const questions = upstream.asked.filter(text => !text.endsWith(' NS'))
    if (asked) t.strictSame(questions, asked)
  })
}

t.test('forward: a port where nobody listens is passed by at once', async t => {
  const gone = await FakeUpstream.open(silent)
  await gone[Symbol.asyncDispose]()
  const upstream = await FakeUpstream.open(answering)
  const both = `. {\n forward . ${gone.to} ${upstream.to} {\n policy sequential\n}\n}`
  const chain = new PluginChain(both)
  const alone = new PluginChain(`. {\n forward . ${gone.to}\n}`)
  const startedMs = performance.now()
  t.strictSame(renderReply(await chain.ask('web.example A')).answer, [right])
  const reply = await alone.ask('web.example A')
  t.match(reply.error, /^read udp 127\.0\.0\.1:\d+->127\.0\.0\.1:\d+: read: connection refused$/)
  t.ok(performance.now() - startedMs < 1000)
  chain.close()
  alone.close()
  await upstream[Symbol.asyncDispose]()
})

t.test('forward: a server to which there is no way is passed by at once', async t => {
  const upstream = await FakeUpstream.open(answering)
  // To the address of everybody the kernel lets no ordinary socket.
  const both = `. {\n forward . 255.255.255.255 ${upstream.to} {\n policy sequential\n}\n}`
  const chain = new PluginChain(both)
  const alone = new PluginChain('. {\n forward . 255.255.255.255\n}')
  t.strictSame(renderReply(await chain.ask('web.example A')).answer, [right])
  const reply = await alone.ask('web.example A')
  t.match(reply.error, /^dial udp 255\.255\.255\.255:53: /)
  chain.close()
  alone.close()
  await upstream[Symbol.asyncDispose]()
})

t.test('forward: AD is told to those who ask for it', async t => {
  const { chain, upstream } = await forwardTo(t, query =>
    query.send(replyTo(query, { flags: flags.ad | flags.aa, answers: [address(nameOf(query))] })),
  )
  const edns = { payloadBytes: 1232, dnssecOk: true, options: [] }
  t.equal((await chain.ask('a.example A')).authenticData, undefined)
  t.equal((await chain.ask('b.example A', { authenticData: true })).authenticData, true)
  t.equal((await chain.ask('c.example A', { edns })).authenticData, true)
  t.equal((await chain.ask('d.example A', { edns })).authoritative, false)
  t.ok(upstream.queries[2]!.decoded.additionals?.some(({ type }) => type === 'OPT'))
})

t.test('forward: many who ask the same have one question upstream', async t => {
  const { chain, upstream } = await forwardTo(t, query => setTimeout(answering, 30, query))
  const asked = Array.from({ length: 50 }, async (_, number) =>
    chain.ask('web.example A', {
      client: { address: `192.0.2.${number}`, port: 1, family: 'IPv4', transport: 'udp' },
    }),
  )
  for (const reply of await Promise.all(asked)) t.strictSame(renderReply(reply).answer, [right])
  t.strictSame(upstream.asked, ['udp web.example A'])
})

t.test('forward: who does not know EDNS is asked without for 15 minutes', async t => {
  let nowMs = 0
  const upstream = await FakeUpstream.open(query =>
    query.decoded.additionals?.length ? replying({ rcode: 4 })(query) : answering(query),
  )
  const chain = new PluginChain(`. {\n forward . ${upstream.to}\n}`, { nowMs: () => nowMs })
  const steps: readonly [afterMs: number, asked: number][] = [
    [0, 2],
    [899_999, 3],
    [900_000, 5],
  ]
  for (const [afterMs, asked] of steps) {
    nowMs = afterMs
    t.strictSame(renderReply(await chain.ask('web.example A')).answer, [right])
    t.equal(upstream.asked.length, asked)
  }
  chain.close()
  await upstream[Symbol.asyncDispose]()
})

t.test(
  'forward: options about the answer go up and come back, those of the connection stay',
  async t => {
    const { chain, upstream } = await forwardTo(t, query => {
      const reply = replyTo(query, { answers: [address(nameOf(query))] })
      reply.writeUInt16BE(1, 10)
      const opt = Buffer.from(
        '000029 04d0 00000000 000e 0008 0002 aabb 000a 0004 01020304'.replaceAll(' ', ''),
        'hex',
      )
      query.send(Buffer.concat([reply, opt]))
    })
    const option = (code: number, hex: string): { code: number; data: Uint8Array } => ({
      code,
      data: Uint8Array.from(Buffer.from(hex, 'hex')),
    })
    const options = [option(8, '00011800c00002'), option(10, '0102030405060708')]
    const edns = { payloadBytes: 1232, dnssecOk: false, options }
    const reply = await chain.ask('web.example A', { edns })
    t.strictSame(reply.options, [option(8, 'aabb')])
    const sent = upstream.queries[0]!.message.toString('hex')
    t.match(sent, /04d000000000000b0008000700011800c00002$/)
  },
)
