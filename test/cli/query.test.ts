/** What `signpost query` asks for, by its command line. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import packet from 'dns-packet'
import t from 'tap'
import { runHere } from '../support/cli-run.ts'

const reverse = '1.0.96.10.in-addr.arpa'

t.test('query asks for the reverse name where it is given an address', async t => {
  const asked: string[] = []
  const server = createSocket('udp4', (query, { port, address }) => {
    const { questions = [] } = packet.decode(query)
    for (const { name, type } of questions) asked.push(`${name} ${type}`)
    query[2]! |= 0x80
    server.send(query, port, address)
  })
  server.bind(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const cases: readonly [args: readonly string[], question: string][] = [
    [['10.96.0.1', 'PTR'], `${reverse} PTR`],
    [['10.96.0.1', 'ptr'], `${reverse} PTR`],
    [['-x', '10.96.0.1'], `${reverse} PTR`],
    [['-x', '10.96.0.1', 'TXT'], `${reverse} TXT`],
    [['--reverse', '10.96.0.1'], `${reverse} PTR`],
    [[`${reverse}.`, 'PTR'], `${reverse} PTR`],
    [['10.96.0.1', 'A'], '10.96.0.1 A'],
    [['10.96.0.1'], '10.96.0.1 A'],
  ]
  for (const [args] of cases) {
    const run = await runHere(['query', ...args, '--server', `127.0.0.1:${server.address().port}`])
    t.match(run, { code: 1, err: '', out: /^NOERROR / }, args.join(' '))
  }
  t.strictSame(
    asked,
    cases.map(([, question]) => question),
  )
})
