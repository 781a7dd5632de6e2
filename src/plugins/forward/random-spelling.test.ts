import t, { type Test } from 'tap'
import { type Behaviour, FakeUpstream } from '../../../test/support/fake-upstream.ts'
import { PluginChain, renderReply } from '../../../test/support/plugin-chain.ts'
import {
  address,
  answering,
  flags,
  lowerCasing,
  nameOf,
  replying,
  replyTo,
  truncating,
} from '../../../test/support/upstream-behaviours.ts'

/** So many letters that chance does not leave them all as they are. */
const name = 'a-name-with-very-many-letters-to-choose-the-case-of.example'
const right = `${name}. 60 IN A 192.0.2.1`

/** `udp random`, `tcp as asked`: how a question came. */
function manner(query: { readonly transport: string; readonly message: Buffer }): string {
  const isAsAsked = query.message.includes(name.split('.')[0]!)
  return `${query.transport} ${isAsAsked ? 'as asked' : 'random'}`
}

async function forwardTo(
  t: Test,
  behave: Behaviour,
  setting: { readonly options?: string; readonly nowMs?: () => number } = {},
): Promise<{ chain: PluginChain; upstream: FakeUpstream; asked: () => readonly string[] }> {
  const upstream = await FakeUpstream.open(behave)
  const { options = 'randomise_case', nowMs = () => performance.now() } = setting
  const chain = new PluginChain(`. {\n forward . ${upstream.to} {\n${options}\n}\n}`, { nowMs })
  t.teardown(async () => {
    chain.close()
    await upstream[Symbol.asyncDispose]()
  })
  return { chain, upstream, asked: () => upstream.queries.map(manner) }
}

/** Forged replies with the id, but not the case, and the true one behind. */
const attacked: Behaviour = query => {
  if (query.transport === 'udp') {
    const stranger = (query.decoded.id! + 1) & 0xffff
    query.send(replyTo(query, { id: stranger }))
    const forged = nameOf(query).toLowerCase()
    query.send(replyTo(query, { name: forged, answers: [address(forged, '192.0.2.66')] }))
  }
  answering(query)
}

const cases: readonly {
  readonly what: string
  readonly behave: Behaviour
  readonly options?: string
  readonly answer?: readonly string[]
  readonly asked: readonly string[]
}[] = [
  { what: 'off by default', behave: answering, options: '', asked: ['udp as asked'] },
  { what: 'a server that keeps the case', behave: answering, asked: ['udp random'] },
  { what: 'one that does not', behave: lowerCasing, asked: ['udp random', 'udp as asked'] },
  { what: 'TCP', behave: answering, options: 'randomise_case\nforce_tcp', asked: ['tcp as asked'] },
  { what: 'a cut reply', behave: truncating, asked: ['udp random', 'tcp as asked'] },
  { what: 'two mismatches', behave: attacked, asked: ['udp random', 'tcp as asked'] },
  {
    what: 'a server that knows neither case nor EDNS',
    behave: query => {
      const rcode = query.decoded.additionals?.length ? 1 : 0
      if (rcode === 0) lowerCasing(query)
      else query.send(replyTo(query, { name, rcode, flags: flags.aa }))
    },
    asked: ['udp random', 'udp as asked', 'udp as asked'],
  },
  {
    what: 'a failure without the question',
    behave: query => {
      const failure = replyTo(query, { rcode: 5 }).subarray(0, 12)
      failure.writeUInt16BE(0, 4)
      query.send(failure)
    },
    answer: [],
    asked: ['udp random'],
  },
]

for (const { what, behave, options = 'randomise_case', answer = [right], asked } of cases) {
  t.test(`randomise_case: ${what}`, async t => {
    const forwarding = await forwardTo(t, behave, { options })
    t.strictSame(renderReply(await forwarding.chain.ask(`${name} A`)).answer, answer)
    t.strictSame(forwarding.asked(), asked)
  })
}

t.test('randomise_case: each question has a spelling of its own', async t => {
  const { chain, upstream } = await forwardTo(t, replying({ rcode: 3 }))
  for (let i = 0; i < 40; i++) await chain.ask(`${name} A`)
  t.equal(new Set(upstream.asked).size, 40)
})

t.test('randomise_case: who does not keep it is asked without for 15 minutes', async t => {
  let nowMs = 0
  const { chain, asked } = await forwardTo(t, lowerCasing, { nowMs: () => nowMs })
  const steps: readonly [afterMs: number, asked: number][] = [
    [0, 2],
    [899_999, 3],
    [900_000, 5],
  ]
  for (const [afterMs, count] of steps) {
    nowMs = afterMs
    t.strictSame(renderReply(await chain.ask(`${name} A`)).answer, [right])
    t.equal(asked().length, count)
  }
})
