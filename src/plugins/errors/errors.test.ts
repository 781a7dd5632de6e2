import { mock } from 'node:test'
import t from 'tap'
import type { Reply } from '../handler.ts'
import { exchangeOf } from '../../../test/support/exchange.ts'
import { PluginChain } from '../../../test/support/plugin-chain.ts'
import { readSettings } from '../../../test/support/settings-cases.ts'
import { errors } from './errors.ts'

const wrong: readonly [lines: string, message: RegExp][] = [
  ['errors stderr', /expected "stdout", not "stderr"/],
  ['errors {\n consolidate 5m\n}', /expected a regular expression at the end of the line/],
  ['errors {\n consolidate 5 a\n}', /expected a duration/],
  ['errors {\n consolidate 5m (\n}', /expected a regular expression, not "\("/],
  [
    'errors {\n consolidate 5m a loud\n}',
    /expected one of warning, error, info, debug, show_first/,
  ],
  ['errors {\n consolidate 5m a info error\n}', /at most one level, then show_first/],
  ['errors {\n consolidate 5m a show_first info\n}', /at most one level, then show_first/],
  ['errors {\n log x\n}', /log is not a property of errors/],
  ['errors\n errors', /only once/],
]
for (const [lines, message] of wrong) t.match(readSettings(errors, lines), message, lines)
t.match(readSettings(errors, 'errors stdout {\n stacktrace\n}'), [{ consolidations: [] }])

function failure(error: string): Reply {
  return { rcode: 2, authoritative: false, error }
}

/** The lines logged for these replies to `www.example. A`, one after another, up to the close at the end. */
function logged(block: string, replies: readonly Reply[]): string[] {
  const chain = new PluginChain(`. {\n errors {\n${block}\n }\n}`)
  for (const reply of replies) chain.link('errors').observe!(exchangeOf('WWW.example. A', reply))
  chain.close()
  return chain.logged.map(line => line.replace(' plugin/errors', ''))
}

t.test('each error has its line', async t => {
  const cases: readonly [reply: Reply, lines: readonly string[]][] = [
    [failure('i/o timeout'), ['error: 2 www.example. A: i/o timeout']],
    [{ rcode: 2, authoritative: false }, []],
    [{ rcode: 0, authoritative: false, error: 'half' }, ['error: 0 www.example. A: half']],
    [failure('a\n[ERROR] b\u001B[2J'), ['error: 2 www.example. A: a [ERROR] b [2J']],
  ]
  for (const [reply, lines] of cases) t.same(logged('', [reply]), lines, JSON.stringify(reply))
})

t.test('a name cannot forge a line', async t => {
  const chain = new PluginChain('. {\n errors\n}')
  chain.link('errors').observe!(exchangeOf('a\\010\\027b.example. A', failure('x')))
  t.same(chain.logged, ['error plugin/errors: 2 a\\010\\027b.example. A: x'])
  chain.close()
})

t.test('errors of the fast path do not exist', async t => {
  const chain = new PluginChain('. {\n errors\n}')
  chain.link('errors').observe!(exchangeOf('a. A', failure('x'), { query: undefined }))
  t.same(chain.logged, [])
  t.equal(chain.link('errors').leavesClusterAnswers, true)
  chain.close()
})

t.test('errors that match are told together', async t => {
  const three = ['i/o timeout', 'i/o timeout', 'refused'].map(failure)
  const cases: readonly [block: string, lines: readonly string[]][] = [
    [
      'consolidate 5m "timeout$"',
      ['error: 2 www.example. A: refused', "error: 2 errors like 'timeout$' occurred in last 5m0s"],
    ],
    ['consolidate 30s . warning', ["warn: 3 errors like '.' occurred in last 30s"]],
    ['consolidate 30s . debug', []],
    [
      'consolidate 30s . info show_first',
      ['info: 2 www.example. A: i/o timeout', "info: 3 errors like '.' occurred in last 30s"],
    ],
    [
      'consolidate 1s refused show_first\n consolidate 1s .',
      ['error: 2 www.example. A: refused', "error: 2 errors like '.' occurred in last 1s"],
    ],
  ]
  for (const [block, lines] of cases) t.same(logged(block, three), lines, block)
})

t.test('a period ends by itself, and the next error begins another', async t => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
  const chain = new PluginChain('. {\n errors {\n consolidate 30s . \n }\n}')
  const { observe } = chain.link('errors')
  observe!(exchangeOf('a. A', failure('x')))
  mock.timers.tick(29_999)
  t.same(chain.logged, [])
  mock.timers.tick(1)
  t.same(chain.logged, ["error plugin/errors: 1 errors like '.' occurred in last 30s"])
  observe!(exchangeOf('a. A', failure('x')))
  mock.timers.tick(30_000)
  t.equal(chain.logged.length, 2)
  chain.close()
  t.equal(chain.logged.length, 2)
})

t.test('ten lines a second of one kind, then a number', async t => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
  const chain = new PluginChain('. {\n errors\n}')
  const { observe } = chain.link('errors')
  for (let i = 0; i < 25; i++) observe!(exchangeOf(`a${i}. A`, failure('x')))
  observe!(exchangeOf('b. A', failure('x'), { plugin: 'template' }))
  t.equal(chain.logged.length, 11, 'another plugin has its own lines')
  t.equal(chain.count('signpost_errors_unlogged_total'), 15)
  mock.timers.tick(1000)
  t.equal(
    chain.logged.at(-1),
    'error plugin/errors: 15 more errors (SERVFAIL from forward) in the last second',
  )
  observe!(exchangeOf('c. A', failure('x')))
  t.equal(chain.logged.at(-1), 'error plugin/errors: 2 c. A: x')
  chain.close()
})
