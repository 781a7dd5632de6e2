import t from 'tap'
import type { Query } from '../handler.ts'
import { PluginChain, queryOf } from '../../../test/support/plugin-chain.ts'

function viewOf(lines: string): PluginChain {
  return new PluginChain(`. {\n view inside {\n${lines}\n}\n}`)
}

/** A query with everything that an expression can ask for. */
const query: Query = {
  ...queryOf('Web.example.com. AAAA'),
  id: 7,
  edns: { payloadBytes: 1400, dnssecOk: true, options: [] },
  client: { address: '10.1.2.3', port: 4000, family: 'IPv4', transport: 'udp' },
  server: { address: '::ffff:10.0.0.10', port: 53 },
  metadata: new Map([['kubernetes/client-namespace', () => 'default']]),
}

t.test('view takes queries that its expressions are true of', async t => {
  for (const [expression, expected] of [
    ["name() == 'web.example.com.'", true],
    ["type() in ['A', 'AAAA']", true],
    ["type() not in ['A', 'AAAA']", false],
    ["not (type() in ['A', 'MX'])", true],
    ["name() matches '^abc\\\\..*\\\\.example\\\\.com\\\\.$'", false],
    ["name() matches '^web\\\\.example\\\\.com\\\\.$'", true],
    ["name() not matches 'web'", false],
    ["name() startsWith 'web.' && name() endsWith '.com.' and name() contains 'example'", true],
    ["incidr(client_ip(), '10.0.0.0/8')", true],
    ["incidr(client_ip(), '192.168.0.0/16')", false],
    ["incidr('2001:db8::5', '2001:0DB8::/32')", true],
    ["incidr('nonsense', '10.0.0.0/8')", false],
    ["(type() == 'A' && name() == 'example.com.') || client_ip() == '10.1.2.3'", true],
    ["type() == 'A' and (name() == 'example.com.' or client_ip() == '10.1.2.3')", false],
    // && binds more than ||.
    ['true || false && false', true],
    ['bufsize() == 1400', true],
    ['do()', true],
    ['!do() == false', true],
    ['not do() == false', true],
    ['id() >= 7 and id() <= 7 and id() < 8 and id() > 6', true],
    ['size() > 1000', false],
    ['opcode() == 0', true],
    ["class() == 'IN' && proto() == 'udp' && port() == '4000'", true],
    ["server_ip() == '10.0.0.10' && server_port() == '53'", true],
    ["metadata('kubernetes/client-namespace') == 'default'", true],
    ["metadata('kubernetes/other') == ''", true],
    ["[type(), 'x'] == ['AAAA', `x`] && [1] != [2] && id() != 0x10", true],
    ["name() != 'a' && 'b' > 'a'", true],
  ] as const) {
    const chain = viewOf(`expr ${expression}`)
    t.equal(chain.link('view').accepts!(query), expected, expression)
    chain.close()
  }
  t.equal(viewOf('').link('view').accepts!(query), true)
  t.equal(viewOf('expr true\nexpr false').link('view').accepts!(query), false)
})

t.test('view knows queries without EDNS, over TCP and of other classes', async t => {
  const accepts = (expression: string, more: Partial<Query>): boolean =>
    viewOf(`expr ${expression}`).link('view').accepts!(queryOf('a.test.', more))
  const tcp = { address: 'fe80::1%eth0', port: 1, family: 'IPv6', transport: 'tls' } as const
  t.ok(accepts("bufsize() == 512 && !do() && server_ip() == ''", {}))
  t.ok(
    accepts("bufsize() == 65535 && proto() == 'tcp' && client_ip() == 'fe80::1'", { client: tcp }),
  )
  t.ok(accepts("class() == 'CH'", { class: 3 }))
  t.ok(accepts("class() == 'CLASS77'", { class: 77 }))
})

t.test('view names its block, and says so in metadata', async t => {
  const chain = new PluginChain('. {\n view inside {\n expr true\n}\n acl {\n block\n}\n}')
  t.equal(chain.block.view, 'inside')
  await chain.ask('a.test.')
  t.equal(chain.count('coredns_acl_blocked_requests_total', { view: 'inside' }), 1)
  const metadata = [...chain.link('view').metadata!(query)]
  t.same(
    metadata.map(([name, value]) => [name, value()]),
    [['view/name', 'inside']],
  )
  t.equal(chain.link('view').leavesClusterAnswers, true)
  const other = new PluginChain('. {\n acl\n}')
  t.equal(other.block.view, '')
})

t.test('view refuses what it does not understand', async t => {
  for (const [lines, message] of [
    ['expr', /expected a word/],
    ['expression true', /known are expr/],
    ['expr name()', /it must be true or false, and is text/],
    ['expr name() == 1', /== cannot have text on its left and number on its right/],
    ["expr id() contains 'a'", /contains cannot have number/],
    ['expr do() < do()', /< cannot have boolean/],
    ["expr 'a' in 'abc'", /in cannot have text/],
    ['expr !name()', /! cannot stand before text/],
    [
      "expr lower(name()) == 'a'",
      /lower is not known: known are bufsize\(\), class\(\), client_ip\(\)/,
    ],
    ["expr name == 'a'", /"name" cannot stand there/],
    ['expr incidr(client_ip())', /incidr\(\) takes \(ADDRESS, NETWORK\) as texts/],
    ['expr incidr(client_ip(), 1)', /as texts/],
    ["expr incidr(client_ip(), '10.0.0.0/33')", /"10.0.0.0\/33" is not a network/],
    ['expr do(1)', /do\(\) takes nothing/],
    ["expr name() matches '('", /is not a regular expression: ./],
    ['expr name() matches type()', /matches needs a text/],
    ['expr do() &&', /it is not complete/],
    ['expr (do()', /it is not complete/],
    ['expr do())', /"\)" cannot stand there/],
    ["expr type() in ['A' 'B']", /"B" cannot stand there/],
    ['expr do() ? true', /"\? true" cannot stand there/],
  ] as const) {
    t.throws(() => viewOf(lines), { message }, lines)
  }
  t.throws(() => new PluginChain('. {\n view\n}'), { message: /expected a word/ })
  t.throws(() => new PluginChain('. {\n view a\n view b\n}'), { message: /only once/ })
})
