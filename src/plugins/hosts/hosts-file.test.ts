import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { MetricCells } from '../../lib/metric-cells.ts'
import { HostsFile } from './hosts-file.ts'
import { readHosts } from './hosts-settings.ts'
import { Directive } from '../../corefile/directive.ts'
import { directiveText } from '../../../test/support/corefile-files.ts'

interface Watched {
  readonly file: HostsFile
  readonly logged: string[]
  readonly addressesOf: (name: string) => number
  readonly gauge: (name: string) => number
}

function open(t: { teardown(handler: () => void): void }, directive: string): Watched {
  const logged: string[] = []
  const gauges = new Map<string, Float64Array>()
  const log = (_plugin: string, text: string): void => void logged.push(text)
  const place = { zones: ['.'], port: 53, plugins: new Set(['hosts']) }
  const file = new HostsFile(readHosts(new Directive(directiveText(directive)), place), {
    metrics: new MetricCells(({ name, cells, first }) =>
      gauges.set(name, new Float64Array(cells, first * 8, 1)),
    ),
    log: { info: log, warn: log, error: log, line: () => {} },
    thread: { index: 0, count: 1 },
  })
  t.teardown(() => file.close())
  return {
    file,
    logged,
    addressesOf: name => file.tables.flatMap(table => table.lookup('ipv4', name)).length,
    gauge: name => gauges.get(`coredns_hosts_${name}`)?.[0] ?? 0,
  }
}

t.test('HostsFile reads its file, and reads it again when it changes', async t => {
  const path = join(t.testdir({ hosts: '10.0.0.1 a.test b.test # one\n\nnonsense\n' }), 'hosts')
  utimesSync(path, 100, 100)
  const { file, addressesOf, gauge, logged } = open(t, `hosts ${path} {\n 10.0.0.2 a.test\n}`)
  t.equal(addressesOf('a.test.'), 2)
  t.equal(gauge('entries'), 6)
  t.equal(gauge('reload_timestamp_seconds'), 100)

  const before = file.tables
  await file.check()
  t.equal(file.tables, before, 'not read again without a change')

  writeFileSync(path, '10.0.0.3 c.test\r\n10.0.0.4 c.test\r\n')
  utimesSync(path, 200, 200)
  await file.check()
  t.equal(addressesOf('a.test.'), 1)
  t.equal(addressesOf('c.test.'), 2)
  t.equal(gauge('reload_timestamp_seconds'), 200)

  rmSync(path)
  await file.check()
  t.equal(addressesOf('c.test.'), 2, 'a file that is gone goes on')
  t.same(logged, [])
})

t.test('HostsFile says what is wrong with its file, and takes it when it comes', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'hosts-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const missing = join(folder, 'later')
  const { file, logged, addressesOf } = open(t, `hosts ${missing}`)
  t.same(logged, [`File does not exist: ${missing}`])
  writeFileSync(missing, '10.0.0.1 a.test')
  await file.check()
  t.equal(addressesOf('a.test.'), 1)
  t.match(open(t, `hosts ${folder}`).logged, [/is a directory/])
})

t.test('HostsFile takes addresses as people write them', async t => {
  const { file } = open(
    t,
    `hosts /nowhere {
      fe80::1%eth0 link.test
      ::ffff:10.0.0.1 mapped.test
    }`,
  )
  const [table] = file.tables
  t.same(table!.lookup('ipv6', 'link.test.').length, 1)
  t.same(table!.lookup('ipv4', 'mapped.test.'), [Uint8Array.of(10, 0, 0, 1)])
})
