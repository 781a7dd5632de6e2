import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parseNameServers } from './resolv-conf.ts'
import type { Upstream } from './upstream.ts'
import { parseServer } from './upstream-address.ts'
import { UpstreamSet } from './upstream-set.ts'

t.test('parseNameServers() takes nameserver lines', async t => {
  const text = [
    '# nameserver 192.0.2.9',
    'search example.org',
    'nameserver 192.0.2.1',
    '  nameserver\t2001:db8::1 # the second',
    'nameserver fe80::1%eth0',
    'nameserver not-an-address',
    'nameserver',
    'options ndots:5',
  ].join('\r\n')
  t.strictSame(
    parseNameServers(text).map(({ address, port }) => `${address} ${port}`),
    ['192.0.2.1 53', '2001:db8::1 53', 'fe80::1%eth0 53'],
  )
})

t.test('UpstreamSet follows a file', async t => {
  const path = join(t.testdir(), 'resolv.conf')
  // Watching keeps no process alive.
  const alive = setInterval(() => {}, 1000)
  t.teardown(() => clearInterval(alive))
  const events: string[] = []
  let changed = Promise.withResolvers<void>()
  const note = (event: string): void => {
    events.push(event)
    changed.resolve()
  }
  /** What happens next; the file is looked at every 5 ms. */
  const next = async (): Promise<string[]> => {
    await changed.promise
    changed = Promise.withResolvers()
    return events.splice(0)
  }
  const set = new UpstreamSet([{ file: path }, parseServer('192.0.2.9', 'dns')!], {
    fileIntervalMs: 5,
    make: ({ address }) => {
      note(`made ${address}`)
      return { close: () => note(`closed ${address}`) } as unknown as Upstream
    },
    onEmptyFile: file => note(`empty ${file}`),
  })
  t.strictSame(await next(), [`empty ${path}`, 'made 192.0.2.9'])
  writeFileSync(path, 'nameserver 192.0.2.1\nnameserver 192.0.2.2\n')
  t.strictSame(await next(), ['made 192.0.2.1', 'made 192.0.2.2'])
  t.equal(set.all.length, 3)
  writeFileSync(path, 'nameserver 192.0.2.2\nnameserver 192.0.2.31\n')
  t.strictSame(await next(), ['made 192.0.2.31', 'closed 192.0.2.1'])
  rmSync(path)
  t.match(await next(), [`empty ${path}`, 'closed 192.0.2.2', 'closed 192.0.2.31'])
  set.close()
  t.strictSame(await next(), ['closed 192.0.2.9'])
})
