import { once } from 'node:events'
import { execFile } from 'node:child_process'
import { renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { WatchedFile } from './watched-file.ts'

interface Watched {
  readonly file: WatchedFile
  /** What has been told since the last call. */
  readonly told: () => string[]
}

/** `bad …` is not taken. */
function watch(path: string, told: (event: string) => void, intervalMs = 0): WatchedFile {
  return new WatchedFile(path, {
    intervalMs,
    take: ({ text, modifiedMs }) => {
      if (text.startsWith('bad')) return `it is ${text}`
      told(`${text} of ${modifiedMs / 1000}`)
      return undefined
    },
    complain: ({ message, code }) => told(code ?? message),
  })
}

function watched(path: string): Watched {
  const events: string[] = []
  return { file: watch(path, event => void events.push(event)), told: () => events.splice(0) }
}

const steps: readonly {
  readonly says: string
  readonly change: (path: string) => void
  readonly told: readonly string[]
}[] = [
  { says: 'still away', change: () => {}, told: [] },
  { says: 'it comes', change: path => write(path, 'one', 1), told: ['one of 1'] },
  { says: 'no change', change: () => {}, told: [] },
  { says: 'another time', change: path => write(path, 'one', 2), told: ['one of 2'] },
  { says: 'another size', change: path => write(path, 'three', 2), told: ['three of 2'] },
  {
    says: 'another file in its place',
    change: path => {
      write(`${path}.new`, 'seven', 2)
      renameSync(`${path}.new`, path)
    },
    told: ['seven of 2'],
  },
  { says: 'a bad one', change: path => write(path, 'bad 1', 3), told: ['it is bad 1'] },
  { says: 'the same', change: path => write(path, 'bad 1', 4), told: [] },
  { says: 'another bad one', change: path => write(path, 'bad 2', 5), told: ['it is bad 2'] },
  { says: 'a good one', change: path => write(path, 'one', 6), told: ['one of 6'] },
  { says: 'bad as before', change: path => write(path, 'bad 2', 7), told: ['it is bad 2'] },
  {
    says: 'put aside',
    change: path => renameSync(path, `${path}.aside`),
    told: ['ENOENT'],
  },
  {
    says: 'put back as it was',
    change: path => renameSync(`${path}.aside`, path),
    told: ['it is bad 2'],
  },
  { says: 'gone', change: path => rmSync(path), told: ['ENOENT'] },
]

function write(path: string, text: string, second: number): void {
  writeFileSync(path, text)
  utimesSync(path, second, second)
}

t.test('WatchedFile tells of each new version, and of each problem once', async t => {
  const path = join(t.testdir(), 'watched')
  const { file, told } = watched(path)
  file.readNow()
  t.strictSame(told(), ['ENOENT'], 'away at the beginning')
  for (const { says, change, told: wanted } of steps) {
    change(path)
    await file.look()
    t.strictSame(told(), wanted, says)
  }
})

t.test('WatchedFile reads at once or later, and looks once at a time', async t => {
  const path = join(t.testdir({ watched: 'one' }), 'watched')
  utimesSync(path, 1, 1)
  const atOnce = watched(path)
  atOnce.file.readNow()
  t.strictSame(atOnce.told(), ['one of 1'])
  await atOnce.file.look()
  t.strictSame(atOnce.told(), [])

  const later = watched(path)
  t.equal(later.file.look(), later.file.look())
  t.strictSame(later.told(), [])
  await later.file.isRead
  t.strictSame(later.told(), ['one of 1'])
  await later.file.isRead
})

t.test('WatchedFile survives who takes its text', async t => {
  const path = join(t.testdir({ watched: '' }), 'watched')
  const told: string[] = []
  const file = new WatchedFile(path, {
    intervalMs: 0,
    take: () => {
      throw new Error('a fault')
    },
    complain: ({ message }) => told.push(message),
  })
  await file.look()
  t.strictSame(told, ['a fault'])
})

t.test('WatchedFile looks again and again until it is closed', async t => {
  const path = join(t.testdir(), 'watched')
  // Watching keeps no process alive.
  const alive = setInterval(() => {}, 1000)
  t.teardown(() => clearInterval(alive))
  let next = Promise.withResolvers<string>()
  const file = watch(path, event => next.resolve(event), 5)
  t.equal(await next.promise, 'ENOENT')
  next = Promise.withResolvers()
  write(path, 'one', 1)
  t.equal(await next.promise, 'one of 1')
  file.close()
})

t.test('WatchedFile keeps no process alive', async t => {
  const url = new URL('watched-file.ts', import.meta.url)
  const source = `import { WatchedFile } from ${JSON.stringify(url.href)}
new WatchedFile('/nowhere', { intervalMs: 60_000, take() {}, complain() {} })`
  const child = execFile(process.execPath, ['--input-type=module', '--eval', source])
  t.teardown(() => child.kill())
  t.strictSame(await once(child, 'exit'), [0, null])
})
