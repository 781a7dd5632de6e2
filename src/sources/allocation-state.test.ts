import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { objectKey } from '../objects/change.ts'
import { reduceService, type Service } from '../objects/service.ts'
import { AllocationState } from './allocation-state.ts'

function serviceOf(name: string, spec: Readonly<Record<string, unknown>> = {}): Service {
  return reduceService({ metadata: { namespace: 'default', name }, spec })
}

async function openForTest(t: Test, directory: string): Promise<AllocationState> {
  const state = await AllocationState.open(directory)
  t.teardown(() => state.close())
  return state
}

t.test('AllocationState.load() gives back every field of what was committed', async t => {
  const web = reduceService({
    metadata: { namespace: 'default', name: 'web', uid: '1', labels: { constructor: 'x' } },
    spec: {
      type: 'LoadBalancer',
      clusterIP: '10.96.0.1',
      clusterIPs: ['10.96.0.1', 'fd00::1'],
      ipFamilies: ['IPv4', 'IPv6'],
      ipFamilyPolicy: 'PreferDualStack',
      selector: { app: 'web' },
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 31000,
      ports: [{ name: 'http', port: 80, targetPort: 'web', nodePort: 30080, appProtocol: 'h2c' }],
    },
  })
  const bare = serviceOf('bare', { ports: [{ port: 80 }] })
  const state = await AllocationState.open(t.testdir())
  state.commit({ upserts: [web, bare] })
  t.strictSame(state.load(), [bare, web])
  t.equal(state.load()[1]?.labels['toString'], undefined)
  state.close()
})

t.test('AllocationState.commit() stores a batch whole and survives a restart', async t => {
  const directory = join(t.testdir(), 'made', 'by', 'open')
  const first = await AllocationState.open(directory)
  t.strictSame(first.load(), [])
  first.commit({ upserts: [serviceOf('a'), serviceOf('b')] })
  const b = serviceOf('b', { clusterIP: '10.96.0.2' })
  first.commit({ upserts: [b], deletes: [serviceOf('a'), { namespace: 'x', name: 'unknown' }] })
  first.commit({})
  first.close()
  const second = await openForTest(t, directory)
  t.strictSame(second.load(), [b])
})

t.test('AllocationState.open() starts over what a killed first start left', async t => {
  const directory = t.testdir({
    'allocations.db.new': 'half',
    'allocations.db.new-journal': 'half',
  })
  const state = await openForTest(t, directory)
  t.strictSame(state.load(), [])
})

t.test('AllocationState.open() rejects where no folder can be made', async t => {
  const file = join(t.testdir({ file: '' }), 'file')
  await t.rejects(AllocationState.open(file), { code: 'unusable' })
  await t.rejects(AllocationState.open(join(file, 'below')), { code: 'unusable' })
  // mkdir says ENOENT there although the parent exists.
  if (process.platform === 'linux')
    await t.rejects(AllocationState.open('/proc/signpost/state'), { code: 'unusable' })
})

t.test('AllocationState.commit() that fails has no effect', async t => {
  const state = await openForTest(t, t.testdir())
  state.commit({ upserts: [serviceOf('a')] })
  const broken = { ...serviceOf('c'), toJSON: () => undefined } as unknown as Service
  t.throws(() => state.commit({ upserts: [serviceOf('b'), broken], deletes: [serviceOf('a')] }), {
    code: 'unusable',
  })
  t.strictSame(state.load(), [serviceOf('a')])
  state.commit({ upserts: [serviceOf('b')] })
  t.equal(state.load().length, 2)
})

t.test('AllocationState.open() is for one process at a time', async t => {
  const directory = t.testdir()
  const state = await AllocationState.open(directory)
  await t.rejects(AllocationState.open(directory), {
    code: 'held',
    message: new RegExp(
      `^Cannot open ".*" for writing: held by process ${process.pid} on .* since `,
    ),
  })
  rmSync(join(directory, 'writer.json'))
  await t.rejects(AllocationState.open(directory), { message: /held by another process$/ })
  state.close()
  const next = await openForTest(t, directory)
  t.strictSame(next.load(), [])
})

t.test('AllocationState.openReadOnly() reads beside a writer and cannot write', async t => {
  const directory = t.testdir()
  await t.rejects(AllocationState.openReadOnly(directory), { code: 'missing' })
  const writer = await openForTest(t, directory)
  const reader = await AllocationState.openReadOnly(directory)
  writer.commit({ upserts: [serviceOf('a')] })
  t.strictSame(reader.load(), [serviceOf('a')])
  t.throws(() => reader.commit({ upserts: [serviceOf('b')] }), { code: 'unusable' })
  writer.commit({ upserts: [serviceOf('b')] })
  t.equal(reader.load().length, 2)
  reader.close()
})

t.test('AllocationState refuses a damaged or foreign file and says what to do', async t => {
  const cases: [title: string, code: string, change: (file: string) => void][] = [
    ['an empty file', 'damaged', file => truncateSync(file, 0)],
    ['a short file', 'damaged', file => truncateSync(file, 4096)],
    ['another file', 'damaged', file => writeFileSync(file, 'x'.repeat(8192))],
    [
      'a flipped bit',
      'damaged',
      file => {
        const bytes = readFileSync(file)
        bytes[bytes.indexOf('10.96.0.1')]! ^= 1
        writeFileSync(file, bytes)
      },
    ],
    ['a later format', 'unknown-format', file => execute(file, 'PRAGMA user_version = 2')],
    ['a missing table', 'damaged', file => execute(file, 'DROP TABLE service')],
  ]
  for (const [title, code, change] of cases) {
    const directory = join(t.testdir(), title.replaceAll(' ', '-'))
    const state = await AllocationState.open(directory)
    state.commit({ upserts: [serviceOf('a', { clusterIP: '10.96.0.1' })] })
    state.close()
    change(join(directory, 'allocations.db'))
    for (const mode of ['open', 'openReadOnly'] as const) {
      const refused = AllocationState[mode](directory).then(opened => {
        try {
          return opened.load()
        } finally {
          opened.close()
        }
      })
      const message =
        code === 'damaged' ? /damaged .*; restore it from a copy, or/ : /run the release/
      await t.rejects(refused, { name: 'AllocationStateError', code, message }, title)
    }
  }
})

function execute(file: string, sql: string): void {
  const database = new DatabaseSync(file)
  database.exec(sql)
  database.close()
}

/** Commits pairs for ever and prints the number of each when it is durable. */
const committer = `
  import { writeSync } from 'node:fs'
  const { AllocationState } = await import(process.env.STATE_MODULE)
  const { reduceService } = await import(process.env.SERVICE_MODULE)
  const state = await AllocationState.open(process.env.DIRECTORY)
  const service = name => reduceService({ metadata: { namespace: 'default', name }, spec: {} })
  for (let i = Number(process.env.FIRST); ; i++) {
    state.commit({
      upserts: [service('one-' + i), service('other-' + i)],
      deletes: [service('one-' + (i - 5)), service('other-' + (i - 5))],
    })
    writeSync(1, i + '\\n')
  }
`

t.test('AllocationState loses and halves nothing when it is killed', async t => {
  const directory = t.testdir()
  let last = -1
  for (let round = 0; round < 8; round++) {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', committer], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        STATE_MODULE: new URL('allocation-state.ts', import.meta.url).href,
        SERVICE_MODULE: new URL('../objects/service.ts', import.meta.url).href,
        DIRECTORY: directory,
        FIRST: `${last + 1}`,
      },
    })
    let printed = ''
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
    await once(child.stdout, 'data')
    const delayMs = randomInt(60)
    setTimeout(() => child.kill('SIGKILL'), delayMs)
    await once(child, 'close')
    const durable = Number(printed.slice(0, printed.lastIndexOf('\n')).split('\n').at(-1))
    const state = await AllocationState.open(directory)
    const keys = state.load().map(objectKey)
    state.close()
    const numbers = keys.map(key => Number(key.split('-')[1]))
    const found = Math.max(...numbers)
    const message = `round ${round}, killed after ${delayMs} ms: ${durable} printed, ${found} found`
    t.ok(found === durable || found === durable + 1, message)
    const expected = Array.from({ length: Math.min(5, found + 1) }, (_, i) => found - i)
    t.strictSame(
      keys.sort(),
      expected.flatMap(i => [`default/one-${i}`, `default/other-${i}`]).sort(),
      'the pairs are whole',
    )
    last = found
  }
  t.comment(`${last} commits`)
})
