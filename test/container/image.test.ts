/**
 * The image, built and run where root, buildah and runc are there (Debian: `apt-get install buildah runc`), and in the place of
 * CoreDNS in a cluster where the binaries of a control plane are there too.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, lstatSync } from 'node:fs'
import t from 'tap'

/** Commands that are used, and the Debian packages that have them. */
const tools = {
  buildah: 'buildah',
  runc: 'runc',
  setcap: 'libcap2-bin',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  ip: 'iproute2',
} as const

/** Everything that the test starts dies with the first process in its own namespace, and so do mounts and the network. */
const isolated = ['--net', '--pid', '--fork', '--kill-child', '--mount-proc']

/** It takes 45 s on a machine that does nothing else; half of that is a cluster, where there is one. */
const timeoutMs = 300_000

t.setTimeout(timeoutMs)

const missing = missingThings()
const isMissing = missing.length > 0
if (isMissing) t.comment(`THE IMAGE WAS NEITHER BUILT NOR RUN: no ${missing.join(', no ')}`)
t.test('the image is built and runs', { skip: isMissing, timeout: timeoutMs }, async t => {
  const program = [process.execPath, 'test/container/in-pod.ts']
  await t.spawn('unshare', [...isolated, ...program], { timeout: timeoutMs }, 'in its own network')
})

function missingThings(): string[] {
  const packages = Object.entries(tools)
    .filter(([tool]) => !isInPath(tool))
    .map(([, name]) => name)
  const things = [...new Set<string>(packages)]
  if (process.getuid?.() !== 0) things.unshift('root')
  // As in a container that was given no rights of its host.
  else if (isInPath('unshare') && !mayIsolate()) things.push('right to make namespaces')
  // What the image is built with is the machine's /usr.
  if (!isLink('/lib')) things.push('/lib below /usr')
  return things
}

function mayIsolate(): boolean {
  return spawnSync('unshare', [...isolated, 'true']).status === 0
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
