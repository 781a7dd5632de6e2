import { QueryScan } from '../../dns/query-scan.ts'
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { AnswerWriter } from '../../answers/answer-writer.ts'
import type { Reply } from '../handler.ts'
import { exchangeOf } from '../../../test/support/exchange.ts'
import { PluginChain, queryOf } from '../../../test/support/plugin-chain.ts'
import { readSettings } from '../../../test/support/settings-cases.ts'
import { log } from './log.ts'

const all = ['success', 'denial', 'error']

const settings: readonly [lines: string, expected: object | RegExp][] = [
  ['log', [{ zones: ['.'], format: /^\{remote\}.*\{duration\}$/, classes: all }]],
  ['log Example.org', [{ zones: ['example.org.'] }]],
  [
    'log a b 10.0.0.0/24 "{common} x"',
    [{ zones: ['a.', 'b.', '0.0.10.in-addr.arpa.'], format: /^\{remote\}.*\{duration\} x$/ }],
  ],
  ['log . {combined}', [{ format: /"\{>opcode\}"$/ }]],
  ['log "{name}"', [{ zones: ['.'], format: '{name}' }]],
  ['log {\n class denial error\n}', [{ classes: ['denial', 'error'] }]],
  ['log {\n class error\n class all\n}', [{ classes: all }]],
  ['log a\n log b', [{ zones: ['a.'] }, { zones: ['b.'] }]],
  ['log {\n class\n}', /expected one of success, denial, error, all at the end/],
  ['log {\n class fine\n}', /not "fine"/],
  ['log "{name}" a', /too many arguments: "a"/],
]
for (const [lines, expected] of settings) t.match(readSettings(log, lines), expected, lines)

const answered: Reply = {
  rcode: 0,
  authoritative: true,
  answers: [{ name: queryOf('a.').name, type: 1, ttlSeconds: 5, rdata: Uint8Array.of(1, 2, 3, 4) }],
}
const soa = { name: queryOf('.').name, type: 6, ttlSeconds: 5, rdata: new Uint8Array(22) }
const missing: Reply = { rcode: 3, authoritative: true, authority: [soa] }
const failed: Reply = { rcode: 2, authoritative: false }

/** The lines that these rules write for one exchange. */
function linesOf(rules: string, exchange: ReturnType<typeof exchangeOf>): string[] {
  const chain = new PluginChain(`. {\n${rules}\n}`)
  chain.link('log').observe!(exchange)
  chain.close()
  return chain.logged
}

t.test('placeholders', async t => {
  const asked = {
    id: 29_008,
    edns: { payloadBytes: 1232, dnssecOk: true, options: [] },
    client: {
      address: '2001:db8::9',
      port: 50_759,
      family: 'IPv6',
      transport: 'udp',
    },
    server: { address: '::1', port: 53 },
    metadata: new Map([['kubernetes/namespace', (): string => 'a\nb']]),
  } as const
  const cases: readonly [format: string, line: string][] = [
    [
      '{common}',
      '[2001:db8::9]:50759 - 29008 "A IN www.example. udp 29 true 1232" NOERROR qr,aa,rd 100 0.0015s',
    ],
    [
      '{combined}',
      '[2001:db8::9]:50759 - 29008 "A IN www.example. udp 29 true 1232" NOERROR qr,aa,rd 100 0.0015s "0"',
    ],
    ['{local} {/kubernetes/namespace} {/kubernetes/none}', '[::1] a\\010b -'],
    ['{/log/type} {/log/class}', 'NOERROR success'],
    ['{ {name} } {unknown} }{', '{ www.example. } {unknown} }{'],
  ]
  for (const [format, line] of cases)
    t.same(linesOf(`log . "${format}"`, exchangeOf('WWW.example. A', answered, { asked })), [line])
})

t.test('values', async t => {
  const cases: readonly [format: string, exchange: ReturnType<typeof exchangeOf>, line: string][] =
    [
      ['{remote}:{port} {local}', exchangeOf('a. A', answered), '192.0.2.1:4000 -'],
      ['{>bufsize} {>do}', exchangeOf('a. A', answered), '512 false'],
      [
        '{>bufsize} {proto}',
        exchangeOf('a. A', answered, {
          asked: { client: { address: '::1', port: 1, family: 'IPv6', transport: 'tls' } },
        }),
        '65535 tcp',
      ],
      ['{rcode}', exchangeOf('a. A', { rcode: 3000, authoritative: false }), '3000'],
      ['{type} {class}', exchangeOf('a. TYPE999', answered, { asked: { class: 3 } }), 'TYPE999 CH'],
      ['{class}', exchangeOf('a. A', answered, { asked: { class: 77 } }), 'CLASS77'],
      ['{duration}', exchangeOf('a. A', answered, { durationMs: 0 }), '0s'],
      ['{duration}', exchangeOf('a. A', answered, { durationMs: 2000 }), '2s'],
      ['{>rflags}', exchangeOf('a. A', answered, { flags: 0x87f0 }), 'qr,aa,tc,rd,ra,z,ad,cd'],
      ['{name}', exchangeOf('a\\010b. A', answered), 'a\\010b.'],
    ]
  for (const [format, exchange, line] of cases)
    t.same(linesOf(`log . "${format}"`, exchange), [line])
})

t.test('classes', async t => {
  const cases: readonly [question: string, reply: Reply, kind: string, replyClass: string][] = [
    ['a. A', answered, 'NOERROR', 'success'],
    ['a. A', { rcode: 0, authoritative: true }, 'NOERROR', 'success'],
    ['a. A', { rcode: 0, authoritative: true, authority: [soa] }, 'NODATA', 'denial'],
    [
      'a. A',
      { rcode: 0, authoritative: false, authority: [{ ...soa, type: 2 }] },
      'DELEGATION',
      'success',
    ],
    ['a. A', missing, 'NXDOMAIN', 'denial'],
    ['a. A', { ...answered, rcode: 3 }, 'OTHERERROR', 'error'],
    ['a. A', failed, 'SERVERERROR', 'error'],
    ['a. A', { rcode: 4, authoritative: false }, 'SERVERERROR', 'error'],
    ['a. A', { rcode: 5, authoritative: false }, 'OTHERERROR', 'error'],
    ['a. AXFR', answered, 'META', 'error'],
  ]
  for (const [question, reply, kind, replyClass] of cases) {
    const rules = `log . "{/log/type} {/log/class}" {\n class ${replyClass}\n}`
    t.same(linesOf(rules, exchangeOf(question, reply)), [`${kind} ${replyClass}`])
    const others = all.filter(other => other !== replyClass).join(' ')
    t.same(linesOf(`log {\n class ${others}\n}`, exchangeOf(question, reply)), [], 'not of others')
  }
})

t.test('the first rule with the name counts', async t => {
  const rules = 'log a.example "1" {\n class error\n}\n log example. "{name} 2"'
  t.same(linesOf(rules, exchangeOf('b.a.example. A', answered)), [])
  t.same(linesOf(rules, exchangeOf('b.example. A', answered)), ['b.example. 2'])
  t.same(linesOf(rules, exchangeOf('b.org. A', answered)), [])
})

t.test('lines of one turn are one text', async t => {
  const chain = new PluginChain('. {\n log . "{name}"\n}')
  const { observe } = chain.link('log')
  for (const name of ['a.', 'b.']) observe!(exchangeOf(`${name} A`, answered))
  t.same(chain.logged, [])
  await turn()
  observe!(exchangeOf('c. A', answered))
  t.same(chain.logged, ['a.\nb.'])
  chain.close()
  t.same(chain.logged, ['a.\nb.', 'c.'])
})

t.test('the fast path is open where no answer of the cluster is logged', async t => {
  const cases: readonly [lines: string, isComplete: boolean, isOpen: boolean][] = [
    ['log', true, false],
    ['log {\n class denial\n}', true, false],
    ['log {\n class error\n}', true, true],
    ['log {\n class error\n}', false, false],
    ['log a {\n class error\n}\n log b {\n class success\n}', true, false],
  ]
  for (const [lines, isComplete, isOpen] of cases) {
    const answers = new AnswerWriter()
    if (isComplete) answers.markComplete()
    const chain = new PluginChain(`. {\n${lines}\n}`, { answers })
    const { leavesClusterAnswers: leaves } = chain.link('log')
    t.equal(typeof leaves === 'function' ? leaves(new QueryScan()) : leaves, isOpen, lines)
    chain.link('log').observe!(exchangeOf('a. A', answered, { query: undefined }))
    chain.close()
    t.same(chain.logged, [])
  }
})
