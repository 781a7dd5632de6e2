import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from './bench.ts'
import { decodeReply, encodeQuestion } from './dns-question.ts'
import { generateManifests } from './generate-manifests.ts'
import { httpName } from './query-files.ts'
import type { PartResult } from './report.ts'
import { startSignpost } from './signpost-server.ts'
import { quantile } from './statistics.ts'

const smallCluster = { services: 10, endpointsPerService: 10, form: 'slices' } as const
const editedService = 1
const firstPort = 10_000
const pollMs = 0.5
const patienceMs = 5000

/** Edits one file as an editor does and asks until the new answer is there. */
export async function measureFileChange(bench: Bench): Promise<PartResult> {
  bench.progress(`editing a manifest ${bench.pace.edits} times`)
  const manifests = join(bench.folder, 'small')
  await generateManifests(manifests, smallCluster)
  const server = await startSignpost(bench, { manifests, workers: 1 })
  const file = join(manifests, `ns-${editedService}.yaml`)
  const original = await readFile(file, 'utf8')
  const draft = join(bench.folder, 'draft.yaml')
  const times: number[] = []
  for (let edit = 0; edit < bench.pace.edits; edit++) {
    // Not in step with anything.
    await sleep(200 + 7 * (edit % 10))
    const port = firstPort + edit
    await writeFile(draft, original.replace(/"port":80,/, `"port":${port},`))
    times.push(await timeEdit({ port, serverPort: server.port, rename: () => rename(draft, file) }))
  }
  await server.end()
  const [p50, p95] = [quantile(times, 0.5), quantile(times, 0.95)]
  return {
    title: 'Change to answer, from the file on',
    figures: [],
    details: [
      `A folder of 10 services; ${times.length} times one file was written beside it and renamed over the old one, and the answer asked for every`,
      `${pollMs} ms. From the rename to the new answer: p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, max ${Math.max(...times).toFixed(1)} ms. Most of it is the wait for`,
      'editors that write, rename and touch (25 ms in `src/sources/manifest-folder.ts`); there is no target for it.',
    ],
  }
}

interface Edit {
  readonly port: number
  readonly serverPort: number
  readonly rename: () => Promise<void>
}

async function timeEdit({ port, serverPort, rename: renameOver }: Edit): Promise<number> {
  const packet = encodeQuestion({ name: httpName(editedService), type: 'SRV' }, 1)
  const socket = createSocket('udp4')
  const seen: { answeredAt?: number } = {}
  socket.on('message', message => {
    const now = performance.now()
    if (decodeReply(message).answers[0]?.includes(` ${port} `)) seen.answeredAt ??= now
  })
  socket.connect(serverPort, '127.0.0.1')
  await once(socket, 'connect')
  await renameOver()
  const renamedAt = performance.now()
  for (let askedAt = 0; seen.answeredAt === undefined; await turn()) {
    const now = performance.now()
    if (now - renamedAt > patienceMs) throw new Error('Cannot see the edit: the old answer stays')
    if (now - askedAt < pollMs) continue
    askedAt = now
    socket.send(packet)
  }
  socket.close()
  return seen.answeredAt - renamedAt
}
