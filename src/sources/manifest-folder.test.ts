import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { FolderView, serviceManifest as service } from '../../test/support/folder-view.ts'
import type { Logger } from '../lib/logger.ts'
import { ManifestFolder } from './manifest-folder.ts'

const logger: Logger = { info() {}, warn() {}, error() {} }

t.test(
  'ManifestFolder.read() reads what is below a folder, and nothing that is hidden',
  async t => {
    const root = t.testdir({
      'a.yaml': service('a'),
      'b.yml': service('b'),
      'c.json': JSON.stringify({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'c' },
        spec: { ports: [{ port: 1 }] },
      }),
      'd.txt': service('d'),
      'e.yaml~': service('e'),
      '#f.yaml#': service('f'),
      '.g.yaml': service('g'),
      '.git': { 'h.yaml': service('h') },
      sub: { deep: { 'i.yaml': service('i'), loop: t.fixture('symlink', '..') } },
      again: t.fixture('symlink', 'sub/deep'),
      'j.yaml': t.fixture('symlink', 'd.txt'),
      'k.yaml': t.fixture('symlink', 'nowhere'),
      'l.yaml': {},
    })
    const progress: string[] = []
    await using folder = await ManifestFolder.open(root, {
      logger,
      onProgress: (done, total) => progress.push(`${done}/${total}`),
    })
    const batch = await folder.read()
    const names = batch.upserts.map(({ object, place }) => `${place?.file ?? ''} ${object.name}`)
    t.strictSame(names, [
      ' default',
      'a.yaml a',
      'again/i.yaml i',
      'b.yml b',
      'c.json c',
      'j.yaml d',
    ])
    t.strictSame(batch.problems, [])
    t.strictSame(progress, ['0/5', '1/5', '2/5', '3/5', '4/5', '5/5'])
    t.equal(folder.counts.files, 5)
  },
)

t.test('ManifestFolder.open() says why a folder is none', async t => {
  const root = t.testdir({ file: '' })
  const cases = [
    ['nowhere', 'missing', 'no such folder (ENOENT)'],
    ['file', 'not-a-folder', 'expected a folder, got a file'],
    ['file/x', 'missing', 'no such folder (ENOTDIR)'],
  ] as const
  for (const [name, code, state] of cases) {
    const path = join(root, name)
    const message = `Cannot read manifests from "${path}": ${state}`
    await t.rejects(ManifestFolder.open(path, { logger }), {
      name: 'ManifestFolderError',
      code,
      message,
    })
  }
})

t.test('ManifestFolder.close() ends everything', async t => {
  const view = new FolderView(t.testdir({ 'a.yaml': service('a') }))
  const folder = await ManifestFolder.open(view.root, { logger })
  view.apply(await folder.read())
  folder.watch(view.apply)
  await view.write('a.yaml', service('a', 81))
  await folder.close()
  await delay(60)
  t.equal(view.words, 'a:80')
})
