import { chmod, mkdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { FolderView, serviceManifest as service } from '../../test/support/folder-view.ts'
import type { Logger } from '../lib/logger.ts'
import { ManifestFolder } from './manifest-folder.ts'

const logger: Logger = { info() {}, warn() {}, error() {} }

/** Runs a scenario on a folder that is being followed. */
async function followed(
  t: Test,
  content: Parameters<Test['testdir']>[0],
  scenario: (view: FolderView) => Promise<void>,
): Promise<void> {
  const view = new FolderView(t.testdir(content))
  await using folder = await ManifestFolder.open(view.root, { logger })
  view.apply(await folder.read())
  folder.watch(view.apply)
  await scenario(view)
  view.comment(t)
}

t.test('ManifestFolder.watch() sees files change', async t =>
  followed(t, { 'a.yaml': service('a') }, async view => {
    const at = (path: string): string => join(view.root, path)
    await view.after(t, () => view.write('a.yaml', service('a', 81)), 'a:81')
    await view.after(t, () => view.write('b.yaml', service('b')), 'a:81 b:80')
    await view.write('b.new', service('b', 82))
    await view.after(t, () => rename(at('b.new'), at('b.yaml')), 'a:81 b:82')
    await view.after(t, () => rename(at('b.yaml'), at('c.yaml')), 'a:81 b:82')
    await view.after(t, () => view.write('c.yaml', service('c')), 'a:81 c:80')
    await view.after(t, () => unlink(at('a.yaml')), 'c:80')
    t.strictSame(view.reported, [])
  }),
)

t.test('ManifestFolder.watch() sees directories come and go', async t =>
  followed(t, { 'a.yaml': service('a') }, async view => {
    const sub = join(view.root, 'sub')
    const deep = join(sub, 'deep')
    await view.after(t, () => mkdir(deep, { recursive: true }), 'a:80')
    await view.after(t, () => view.write('sub/deep/b.yaml', service('b')), 'a:80 b:80')
    await view.after(t, () => view.write('sub/deep/b.yaml', service('b', 81)), 'a:80 b:81')
    await view.after(t, () => rename(deep, join(sub, 'other')), 'a:80 b:81')
    await view.after(t, () => view.write('sub/other/b.yaml', service('b', 82)), 'a:80 b:82')
    await view.after(t, () => rm(sub, { recursive: true }), 'a:80')
    await mkdir(sub)
    await view.after(t, () => view.write('sub/c.yaml', service('c')), 'a:80 c:80')
    await view.after(t, () => view.write('sub/c.yaml', service('c', 81)), 'a:80 c:81')
  }),
)

t.test('ManifestFolder.watch() follows a ConfigMap as the kubelet mounts it', async t => {
  const content = {
    '..2026_01': { 'a.yaml': service('a'), 'b.yaml': service('b') },
    '..2026_02': { 'a.yaml': service('a', 81), 'c.yaml': service('c') },
    '..data': t.fixture('symlink', '..2026_01'),
    'a.yaml': t.fixture('symlink', '..data/a.yaml'),
    'b.yaml': t.fixture('symlink', '..data/b.yaml'),
  }
  await followed(t, content, async view => {
    const at = (path: string): string => join(view.root, path)
    const swap = async (): Promise<void> => {
      await symlink('..2026_02', at('..data_tmp'))
      await rename(at('..data_tmp'), at('..data'))
      await symlink('..data/c.yaml', at('c.yaml'))
      await unlink(at('b.yaml'))
      await rm(at('..2026_01'), { recursive: true })
    }
    await view.after(t, swap, 'a:81 c:80')
    t.strictSame(view.reported, [])
  })
})

t.test('ManifestFolder.watch() follows a root that is a link when it is swapped', async t => {
  const base = t.testdir({
    one: { 'a.yaml': service('a') },
    two: { 'a.yaml': service('a', 81) },
    current: t.fixture('symlink', 'one'),
  })
  const view = new FolderView(join(base, 'current'))
  await using folder = await ManifestFolder.open(view.root, { logger })
  view.apply(await folder.read())
  folder.watch(view.apply)
  const swap = async (): Promise<void> => {
    await symlink('two', join(base, 'next'))
    await rename(join(base, 'next'), join(base, 'current'))
  }
  await view.after(t, swap, 'a:81')
  await view.after(t, () => view.write('a.yaml', service('a', 82)), 'a:82')
  view.comment(t)
})

t.test('ManifestFolder.watch() keeps the last good state of a broken file', async t =>
  followed(t, { 'a.yaml': service('a') }, async view => {
    await view.after(t, () => view.write('a.yaml', 'kind: ['), '!a.yaml a:80')
    await view.after(t, () => view.write('b.yaml', service('b')), '!a.yaml a:80 b:80')
    await view.after(t, () => view.write('a.yaml', service('a', 81)), 'a:81 b:80')
    await view.after(t, () => view.write('a.yaml', service('a', 0)), '!a.yaml a:81 b:80')
    await view.after(t, () => view.write('a.yaml', service('a', 82)), 'a:82 b:80')
    t.equal(view.reported.length, 2, 'each fault is reported once')
  }),
)

t.test('ManifestFolder.watch() does not report a file that is still being written', async t =>
  followed(t, { 'a.yaml': service('a') + '---\n' + service('b') }, async view => {
    let longestPauseMs = 0
    const between: string[] = []
    const slowly = async (): Promise<void> => {
      for (const content of ['', 'kind: [', service('a', 81), service('a', 82)]) {
        const started = performance.now()
        await view.write('a.yaml', content)
        await delay(30)
        longestPauseMs = Math.max(longestPauseMs, performance.now() - started)
        between.push(view.words)
      }
      await view.write('a.yaml', service('a', 83) + '---\n' + service('b'))
    }
    await view.after(t, slowly, 'a:83 b:80')
    // A machine that stood still for so long makes a slow writer one that has finished.
    if (longestPauseMs > 45) return
    t.strictSame([...new Set(between)], ['a:80 b:80'])
    t.strictSame(view.reported, [])
  }),
)

t.test('ManifestFolder.watch() sees an object move to another file without a duplicate', async t =>
  followed(t, { 'a.yaml': service('a') + '---\n' + service('b') }, async view => {
    const move = async (): Promise<void> => {
      await view.write('a.yaml', service('a', 81))
      await view.write('b.yaml', service('b', 81))
    }
    await view.after(t, move, 'a:81 b:81')
    t.strictSame(view.reported, [])
  }),
)

t.test('ManifestFolder.watch() looks for changes where no more can be watched', async t => {
  const warnings: string[] = []
  const view = new FolderView(t.testdir({ 'a.yaml': service('a'), sub: {} }))
  const mocked = await t.mockImport<{ ManifestFolder: typeof ManifestFolder }>(
    './manifest-folder.ts',
    {
      'node:fs': {
        watch() {
          throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
        },
      },
    },
  )
  const warn = (message: string): unknown => warnings.push(message)
  await using folder = await mocked.ManifestFolder.open(view.root, { logger: { ...logger, warn } })
  view.apply(await folder.read())
  folder.watch(view.apply)
  await view.after(t, () => view.write('a.yaml', service('a', 81)), 'a:81')
  await delay(150)
  await view.after(t, () => view.write('sub/b.yaml', service('b')), 'a:81 b:80')
  t.strictSame(warnings, [
    `Cannot watch "${view.root}": the limit fs.inotify.max_user_watches is reached: looking for changes instead`,
  ])
  view.comment(t)
})

t.test('ManifestFolder.watch() keeps its objects while the folder is away', async t =>
  followed(t, { 'a.yaml': service('a'), sub: { 'b.yaml': service('b') } }, async view => {
    const away = `${view.root}-away`
    t.teardown(() => rm(away, { recursive: true, force: true }))
    await view.after(t, () => rename(view.root, away), `!${view.root} a:80 b:80`)
    t.match(view.reported, [`${view.root}: the folder is gone; its last state is kept`])
    await writeFile(join(away, 'sub', 'b.yaml'), service('b', 81))
    await view.after(t, () => rename(away, view.root), 'a:80 b:81')
    await view.after(t, () => view.write('a.yaml', service('a', 81)), 'a:81 b:81')
  }),
)

const skip = process.getuid?.() === 0 ? 'root may read everything' : false

t.test(
  'ManifestFolder.watch() keeps the objects of what it may no longer read',
  { skip },
  async t =>
    followed(t, { 'a.yaml': service('a'), sub: { 'b.yaml': service('b') } }, async view => {
      await view.after(t, () => chmod(join(view.root, 'a.yaml'), 0), '!a.yaml a:80 b:80')
      await view.after(t, () => chmod(join(view.root, 'a.yaml'), 0o600), 'a:80 b:80')
      await view.after(t, () => chmod(join(view.root, 'sub'), 0), '!sub a:80 b:80')
      await view.after(t, () => chmod(join(view.root, 'sub'), 0o700), 'a:80 b:80')
    }),
)
