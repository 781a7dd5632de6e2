/** The image, built and run where root, buildah and runc are there (Debian: `apt-get install buildah runc`). */
import { accessSync, constants, lstatSync } from 'node:fs'
import t from 'tap'

/** Commands that are used, and the Debian packages that have them. */
const tools = {
  buildah: 'buildah',
  runc: 'runc',
  setcap: 'libcap2-bin',
  unshare: 'util-linux',
  ip: 'iproute2',
} as const

/** It takes 20 s on a machine that does nothing else. */
const timeoutMs = 110_000

const missing = missingThings()
const isMissing = missing.length > 0
if (isMissing) t.comment(`THE IMAGE WAS NEITHER BUILT NOR RUN: no ${missing.join(', no ')}`)
t.test('the image is built and runs', { skip: isMissing, timeout: timeoutMs }, async t => {
  // Everything that the test starts dies with the first process in its own namespace, and so do mounts and the network.
  const isolated = ['--net', '--pid', '--fork', '--kill-child', '--mount-proc']
  const program = [process.execPath, 'test/container/in-pod.ts']
  await t.spawn('unshare', [...isolated, ...program], { timeout: timeoutMs }, 'in its own network')
})

function missingThings(): string[] {
  const packages: string[] = Object.entries(tools)
    .filter(([tool]) => !isInPath(tool))
    .map(([, name]) => name)
  if (process.getuid?.() !== 0) packages.unshift('root')
  // What the image is built with is the machine's /usr.
  if (!isLink('/lib')) packages.push('/lib below /usr')
  return packages
}

function isInPath(tool: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some(folder => {
    try {
      accessSync(`${folder}/${tool}`, constants.X_OK)
      return true
    } catch {
      // Not in this folder.
      return false
    }
  })
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
}
