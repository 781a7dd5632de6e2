import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { scanFolder } from './folder-scan.ts'
import { FolderWatcher } from './folder-watcher.ts'

function openWatches(): number {
  return process.getActiveResourcesInfo().filter(name => name === 'FSEventWrap').length
}

t.test('FolderWatcher tells of what happens in the folders of a scan', async t => {
  const root = t.testdir({ 'a.yaml': '', below: {} })
  const events = new EventTarget()
  const watcher = new FolderWatcher(root, {
    onEvent: folder => events.dispatchEvent(new Event(folder || '.')),
    onExhausted: error => t.fail(error.message),
  })
  t.teardown(() => watcher.close())
  watcher.follow((await scanFolder(root, { previous: undefined, isDirty: () => true })).folders)
  for (const [folder, change] of [
    ['.', () => writeFile(join(root, 'a.yaml'), 'x')],
    ['below', () => mkdir(join(root, 'below', 'more'))],
  ] as const) {
    const event = once(events, folder)
    await change()
    t.ok(await event, folder)
  }
})

t.test('FolderWatcher opens nothing once it is closed', async t => {
  const root = t.testdir({ below: {} })
  const { folders } = await scanFolder(root, { previous: undefined, isDirty: () => true })
  const before = openWatches()
  const watcher = new FolderWatcher(root, { onEvent: () => {}, onExhausted: () => {} })
  watcher.follow(folders)
  t.ok(openWatches() > before)
  watcher.close()
  // As a look does that was under way.
  watcher.follow(folders)
  // Handles go in one of the next turns of the loop.
  for (let turn = 0; turn < 100 && openWatches() !== before; turn++) await setImmediate()
  t.equal(openWatches(), before)
})
