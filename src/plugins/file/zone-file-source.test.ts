import { rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { PluginLog } from '../serving-context.ts'
import { ZoneFileSource, type ZoneFileOptions } from './zone-file-source.ts'

function text(serial: number, host: string): string {
  return `@ 60 SOA ns hostmaster ${serial} 1 1 1 1\n${host} A 192.0.2.1\n`
}

/** Writes a file that is surely of another time than any before. */
function write(path: string, content: string, second: number): void {
  writeFileSync(path, content)
  utimesSync(path, second, second)
}

const steps: readonly {
  readonly says: string
  readonly content: string | undefined
  readonly host: Record<ZoneFileOptions['newBy'], string>
  readonly log?: RegExp
}[] = [
  { says: 'the first', content: text(1, 'a'), host: { serial: 'a', mtime: 'a' } },
  { says: 'the same serial', content: text(1, 'b'), host: { serial: 'a', mtime: 'b' } },
  { says: 'another serial', content: text(2, 'c'), host: { serial: 'c', mtime: 'c' } },
  {
    says: 'a bad file',
    content: 'x',
    host: { serial: 'c', mtime: 'c' },
    log: /line 1: .*; serial 2 stays$/,
  },
  { says: 'no file', content: undefined, host: { serial: 'c', mtime: 'c' }, log: /ENOENT/ },
  { says: 'no file still', content: undefined, host: { serial: 'c', mtime: 'c' } },
  { says: 'a good one again', content: text(3, 'd'), host: { serial: 'd', mtime: 'd' } },
]

for (const newBy of ['serial', 'mtime'] as const) {
  t.test(`ZoneFileSource takes new versions by ${newBy} and keeps the last good one`, async t => {
    const path = join(t.testdir({}), 'db')
    const errors: string[] = []
    const log: PluginLog = {
      info: () => {},
      warn: () => {},
      error: (_, line) => void errors.push(line),
      line: () => {},
    }
    let source: ZoneFileSource | undefined
    for (const [second, { says, content, host, log: wanted }] of steps.entries()) {
      if (content === undefined) rmSync(path, { force: true })
      else write(path, content, 1000 + second)
      if (source) await source.reload()
      else source = new ZoneFileSource({ path, zone: 'example.org.', reloadMs: 60_000, newBy }, log)
      await source.isRead
      t.ok(source.data?.names.has(`${host[newBy]}.example.org.`), says)
      t.match(errors.splice(0), wanted ? [wanted] : [], says)
    }
    source?.close()
  })
}
