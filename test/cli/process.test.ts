/** What only a process of its own can show: signals and closed pipes. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import t from 'tap'
import { CliProcess } from '../support/cli-run.ts'

const examples = ['--manifests', 'examples'] as const
const serve = ['serve', ...examples, '--listen', '127.0.0.1:0'] as const

t.test('serve ends in order at the first signal', async t => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    using server = new CliProcess(serve)
    await server.says(/"message":"serving"/)
    const startedAt = performance.now()
    server.child.kill(signal)
    t.same(await server.ended, { code: 0, signal: null }, signal)
    t.ok(performance.now() - startedAt < 1000, `${signal}: ${performance.now() - startedAt} ms`)
    t.match(server.out, /"message":"stopping"\}\n$/)
    t.equal(server.err, '')
  }
})

t.test('a second signal ends it at once', async t => {
  using server = new CliProcess(serve)
  await server.says(/"message":"serving"/)
  server.child.kill('SIGINT')
  await server.says(/"message":"stopping"/)
  server.child.kill('SIGINT')
  const { code } = await server.ended
  t.ok(code === 130 || code === 0, `exit code ${code}`)
})

t.test('a command that waits for nothing but a reply ends at the first signal', async t => {
  const silent = createSocket('udp4')
  silent.bind(0, '127.0.0.1')
  await once(silent, 'listening')
  t.teardown(() => silent.close())
  using query = new CliProcess(['query', 'a', '--server', `127.0.0.1:${silent.address().port}`])
  await once(silent, 'message')
  query.child.kill('SIGINT')
  t.same(await query.ended, { code: 130, signal: null })
})

t.test('a reader that has seen enough is no error', async t => {
  using names = new CliProcess(['names', ...examples])
  names.child.stdout.destroy()
  t.same(await names.ended, { code: 0, signal: null })
  t.equal(names.err, '')
})

t.test('a port that a running server has is taken', async t => {
  using first = new CliProcess([...serve, '--workers', '2'])
  const port = await first.port()
  using second = new CliProcess([
    'serve',
    ...examples,
    '--workers',
    '2',
    '--listen',
    `127.0.0.1:${port}`,
  ])
  t.same(await second.ended, { code: 1, signal: null })
  t.match(second.err, /^signpost: Cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE/)
})

t.test('a Corefile comes from standard input with `-conf stdin`', async t => {
  using wrong = new CliProcess(['-conf', 'stdin'])
  wrong.child.stdin.end('.:0 {\n nothing\n}\n')
  t.equal((await wrong.ended).code, 1)
  t.match(wrong.err, /^signpost: stdin:2: Unknown directive 'nothing'/)
})
