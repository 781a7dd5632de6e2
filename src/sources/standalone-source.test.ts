import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { parseCidr } from '../lib/cidr.ts'
import type { Logger } from '../lib/logger.ts'
import type { SourceUpdate } from './cluster-source.ts'
import { StandaloneSource, type StandaloneSourceOptions } from './standalone-source.ts'

const logger: Logger = { info() {}, warn() {}, error() {} }
const deadlineMs = 10_000

function optionsOf(
  manifests: string,
  state?: StandaloneSourceOptions['state'],
): StandaloneSourceOptions {
  return {
    manifests,
    serviceCidrs: [parseCidr('10.96.0.0/24')!],
    podCidrs: [parseCidr('10.244.0.0/24')!],
    workloads: 'run',
    logger,
    ...(state && { state }),
  }
}

function service(name: string, clusterIP: string): string {
  return `{apiVersion: v1, kind: Service, metadata: {name: ${name}}, spec: {clusterIP: ${clusterIP}, ports: [{port: 80}]}}\n`
}

/** What a process says that is started, reads the folder and ends. */
async function readOnce(
  manifests: string,
  state: NonNullable<StandaloneSourceOptions['state']>,
): Promise<SourceUpdate> {
  await using source = await StandaloneSource.open(optionsOf(manifests, state))
  return await source.read()
}

/** `web=10.96.0.9` of every Service that a step is about, without the built-in one. */
function services({ changes }: SourceUpdate): string[] {
  return changes.flatMap(change =>
    change.type === 'upsert' &&
    change.object.kind === 'Service' &&
    change.object.name !== 'kubernetes'
      ? [`${change.object.name}=${change.object.clusterIP}`]
      : [],
  )
}

t.test('StandaloneSource follows a folder and tells what was refused and mended', async t => {
  const root = t.testdir({
    'a.yaml': service('a', '10.96.0.9'),
    'b.yaml': service('b', '10.96.0.9'),
  })
  await using source = await StandaloneSource.open(optionsOf(root))
  const first = await source.read()
  t.strictSame(services(first), ['a=10.96.0.9'])
  t.match(first.errors, [/^b\.yaml:1 \(document 1\): Service "b" is invalid: .*already allocated$/])
  t.equal(source.counts.files, 2)

  const updates: SourceUpdate[] = []
  source.watch(update => updates.push(update))
  await rm(join(root, 'a.yaml'))
  const startedAt = performance.now()
  while (updates.flatMap(services).length === 0 && performance.now() - startedAt < deadlineMs)
    await delay(2)
  t.strictSame(updates.flatMap(services), ['b=10.96.0.9'])
  t.match(
    updates.flatMap(({ solved }) => solved),
    [/^b\.yaml:1 \(document 1\): Service "default\/b"$/],
  )
})

t.test('StandaloneSource keeps addresses over restarts and renamed files', async t => {
  const root = t.testdir({ manifests: { 'a.yaml': service('a', '10.96.0.9') } })
  const manifests = join(root, 'manifests')
  const state = { directory: join(root, 'state'), mode: 'keep' as const }
  {
    await using source = await StandaloneSource.open(optionsOf(manifests, state))
    await source.read()
    await t.rejects(StandaloneSource.open(optionsOf(manifests, state)), { code: 'held' })
    await using looking = await StandaloneSource.open(
      optionsOf(manifests, { ...state, mode: 'look' }),
    )
    t.strictSame(services(await looking.read()), ['a=10.96.0.9'])
  }
  await rename(join(manifests, 'a.yaml'), join(manifests, 'z.yaml'))
  await writeFile(join(manifests, 'z.yaml'), service('a', '""'))
  await using source = await StandaloneSource.open(optionsOf(manifests, state))
  t.strictSame(services(await source.read()), ['a=10.96.0.9'])
})

t.test('StandaloneSource says which Services wait for a manifest that does not parse', async t => {
  const files = { 'a.yaml': service('a', '""'), 'b.yaml': service('b', '""') }
  const root = t.testdir({ manifests: files })
  const manifests = join(root, 'manifests')
  const state = { directory: join(root, 'state'), mode: 'keep' as const }
  const addresses = await readOnce(manifests, state)
  t.strictSame(addresses.warnings, [])
  await writeFile(join(manifests, 'b.yaml'), 'kind: [')
  await writeFile(join(manifests, 'c.yaml'), service('c', services(addresses)[1]!.slice(2)))
  const broken = await readOnce(manifests, state)
  t.strictSame(services(broken), services(addresses).slice(0, 1))
  t.strictSame(broken.warnings, [
    'not answered until every manifest can be read, addresses stay reserved: default/b',
  ])
  t.match(broken.errors, [/^b\.yaml/, /^c\.yaml.*provided IP is already allocated/])
  await rm(join(manifests, 'c.yaml'))
  await writeFile(join(manifests, 'b.yaml'), files['b.yaml'])
  t.strictSame(services(await readOnce(manifests, state)), services(addresses))
})

t.test('StandaloneSource warns of Services in a family that pods do not have', async t => {
  const root = t.testdir({ 'a.yaml': service('a', '""') })
  const [ipv4, ipv6] = [parseCidr('10.9.0.0/16')!, parseCidr('fd00:9::/112')!]
  const warning =
    'pods have addresses of fd00:9::/112 only: IPv4 Services get no endpoints from workloads'
  for (const [change, warnings] of [
    [{ podCidrs: [ipv6] }, [warning]],
    [{ podCidrs: [ipv6], workloads: 'ignore' }, []],
    [{ podCidrs: [ipv4, ipv6] }, []],
  ] as const) {
    await using source = await StandaloneSource.open({ ...optionsOf(root), ...change })
    t.strictSame((await source.read()).warnings, warnings)
  }
})

t.test('StandaloneSource that only looks needs no state and makes none', async t => {
  const root = t.testdir({ 'a.yaml': service('a', '10.96.0.9') })
  const state = { directory: join(root, 'none'), mode: 'look' as const }
  await using source = await StandaloneSource.open(optionsOf(root, state))
  t.strictSame(services(await source.read()), ['a=10.96.0.9'])
  await t.rejects(rm(state.directory), { code: 'ENOENT' })
})

t.test('StandaloneSource.open() rejects with what is wrong', async t => {
  const root = t.testdir({ file: '' })
  await t.rejects(StandaloneSource.open(optionsOf(join(root, 'none'))), { code: 'missing' })
  await t.rejects(StandaloneSource.open({ ...optionsOf(root), serviceCidrs: [] }), RangeError)
  const state = { directory: join(root, 'file'), mode: 'keep' as const }
  await t.rejects(StandaloneSource.open(optionsOf(root, state)), { code: 'unusable' })
})
