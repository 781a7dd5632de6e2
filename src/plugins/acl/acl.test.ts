import t from 'tap'
import type { Reply } from '../handler.ts'
import { PluginChain } from '../../../test/support/plugin-chain.ts'
import { leavesAlone } from '../../../test/support/scan-of.ts'

const next: Reply = { rcode: 0, authoritative: true }

type Outcome = 'allow' | 'block' | 'filter' | 'drop'

interface AclCase {
  /** Lines of the block; zones in front of a colon. */
  readonly rules: string
  readonly query: string
  readonly from: string
  readonly outcome: Outcome
}

const cases: readonly AclCase[] = [
  {
    rules: 'block type A net 192.168.0.0/16',
    query: 'a.test. A',
    from: '192.168.3.4',
    outcome: 'block',
  },
  {
    rules: 'block type A net 192.168.0.0/16',
    query: 'a.test. AAAA',
    from: '192.168.3.4',
    outcome: 'allow',
  },
  {
    rules: 'block type A net 192.168.0.0/16',
    query: 'a.test. A',
    from: '192.169.3.4',
    outcome: 'allow',
  },
  {
    rules: 'filter type A AAAA net 192.168.0.0/16 10.0.0.1',
    query: 'a.test. AAAA',
    from: '10.0.0.1',
    outcome: 'filter',
  },
  {
    rules: 'filter type A net 192.168.0.0/16 10.0.0.1',
    query: 'a.test. A',
    from: '10.0.0.2',
    outcome: 'allow',
  },
  {
    rules: 'allow net 192.168.1.0/24\nblock net 192.168.0.0/16',
    query: 'a.test. A',
    from: '192.168.1.9',
    outcome: 'allow',
  },
  {
    rules: 'allow net 192.168.1.0/24\nblock net 192.168.0.0/16',
    query: 'a.test. A',
    from: '192.168.2.9',
    outcome: 'block',
  },
  {
    rules: 'allow net 192.168.0.0/24 192.168.1.0/24\nblock',
    query: 'a.test. A',
    from: '10.0.0.1',
    outcome: 'block',
  },
  { rules: 'drop net 192.0.2.0/24', query: 'a.test. A', from: '::ffff:192.0.2.7', outcome: 'drop' },
  { rules: 'DROP NET fe80::/10', query: 'a.test. A', from: 'fe80::1%eth0', outcome: 'drop' },
  { rules: 'block type * net *', query: 'a.test. MX', from: '2001:db8::1', outcome: 'block' },
  { rules: 'block net 2001:db8::1', query: 'a.test. MX', from: '2001:db8::1', outcome: 'block' },
  { rules: 'a.test:block', query: 'x.a.test. A', from: '10.0.0.1', outcome: 'block' },
  { rules: 'a.test:block', query: 'b.test. A', from: '10.0.0.1', outcome: 'allow' },
  // Somebody without an address is nobody that could be allowed.
  { rules: 'allow', query: 'a.test. A', from: '', outcome: 'block' },
]

function chainOf(rules: string): PluginChain {
  const [, zones = '', lines = ''] = /^(?:(\S+):(?=\w))?([^]*)$/.exec(rules) ?? []
  return new PluginChain(`. {\n acl ${zones} {\n${lines}\n}\n}`, { behind: () => next })
}

function outcomeOf(reply: Reply): Outcome {
  if (reply === next) return 'allow'
  if (reply.isDropped) return 'drop'
  const [option] = reply.options ?? []
  t.equal(option?.code, 15)
  const isBlocked = reply.rcode === 5
  t.equal(option?.data[1], isBlocked ? 15 : 17)
  return isBlocked ? 'block' : 'filter'
}

t.test('acl lets in whom its rules let in', async t => {
  for (const { rules, query, from, outcome } of cases) {
    const chain = chainOf(rules)
    const client = { address: from, port: 1, family: 'IPv4', transport: 'udp' } as const
    const name = `${rules} ← ${query} from ${from}`
    t.equal(outcomeOf(await chain.ask(query, { client })), outcome, name)
    const counted = { allow: 'allowed', block: 'blocked', filter: 'filtered', drop: 'dropped' }[
      outcome
    ]
    const zone = outcome === 'allow' ? {} : { zone: rules.startsWith('a.test') ? 'a.test.' : '.' }
    const labels = { server: 'dns://:53', view: '', ...zone }
    t.equal(chain.count(`coredns_acl_${counted}_requests_total`, labels), 1, `${name}: counted`)
    chain.close()
  }
})

t.test('acl asks one directive after the other', async t => {
  const chain = new PluginChain(
    '. {\n acl a.test {\n block type MX\n}\n acl {\n filter net 192.0.2.1\n}\n}',
    { behind: () => next },
  )
  t.equal(outcomeOf(await chain.ask('a.test. MX')), 'block')
  t.equal(outcomeOf(await chain.ask('a.test. A')), 'filter')
})

t.test('acl refuses what it does not understand', async t => {
  for (const [line, message] of [
    ['deny', /known are allow, block, drop, filter/],
    ['block all', /expected one of type, net, not "all"/],
    ['block type', /expected a record type like AAAA, or \* at the end/],
    ['block net type A', /an address, a network/],
    ['block type NOPE', /a record type/],
    ['block net 10.0.0.0/33', /an address, a network/],
  ] as const) {
    t.throws(() => chainOf(line), { message }, line)
  }
})

t.test('acl leaves what it refuses nobody to the fast path, and counts it', async t => {
  const web = 'web.default.svc.cluster.local.'
  for (const [rules, question, expected] of [
    ['example.org:block', web, true],
    ['svc.cluster.local:block', web, false],
    ['block type AAAA MX', web, true],
    ['block type AAAA MX', `${web} AAAA`, false],
    ['allow', web, true],
    ['block net 10.0.0.0/8', web, false],
  ] as const) {
    t.equal(leavesAlone(chainOf(rules).link('acl'), question), expected, rules)
  }
  const chain = chainOf('example.org:block')
  const exchange = {
    type: 1,
    class: 1,
    transport: 'udp',
    family: 'IPv4',
    dnssecOk: false,
    queryBytes: 1,
    replyBytes: 1,
    rcode: 0,
    zone: '.',
    flags: 0x8500,
    durationMs: 0,
    plugin: 'kubernetes',
    query: undefined,
    reply: undefined,
  } as const
  chain.link('acl').observe!(exchange)
  t.equal(chain.count('coredns_acl_allowed_requests_total'), 1)
})
