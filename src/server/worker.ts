import { randomInt } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { AnswerReader } from '../answers/answer-reader.ts'
import { isInZone, parseName } from '../dns/wire-name.ts'
import { composeChain } from '../plugins/chain.ts'
import { kubernetes } from '../plugins/kubernetes/kubernetes.ts'
import { FastPath } from './fast-path.ts'
import { QueryPipeline } from './query-pipeline.ts'
import { releaseMemory } from './release-memory.ts'
import type { ServingCommand, ServingEvent, ServingOptions } from './serving-protocol.ts'
import { ThreadListeners } from './thread-listeners.ts'

/* The entry of a serving thread: sockets and answers, nothing else. Started by ServingThreads. */

const {
  answers,
  reader: readerNumber,
  reusePort,
  podZones,
  ttlSeconds,
} = workerData as ServingOptions
const control = parentPort!

const reader = new AnswerReader(answers, readerNumber)
const podNames = podZones.map(zone => parseName(zone)!)
const fastPath = new FastPath(
  reader,
  scan => podNames.some(zone => isInZone(scan.name.subarray(0, scan.nameBytes), zone)),
  randomInt(1, 2 ** 31),
)
const pipeline = new QueryPipeline({
  fastPath,
  chain: composeChain([kubernetes({ reader, podZones: podNames, ttlSeconds })]),
  onFault: error => send({ type: 'fault', message: String((error as Error).stack ?? error) }),
})
const listeners = new ThreadListeners({ pipeline, reusePort })
// Serving leaves so little behind that nothing else would ever collect what starting has.
releaseMemory()

control.on('message', (command: ServingCommand) => {
  void obey(command)
})

async function obey(command: ServingCommand): Promise<void> {
  if (command.type === 'close') {
    await listeners.close()
    send({ type: 'done', id: command.id, bindings: [], failures: [] })
    control.close()
    return
  }
  const failures = await listeners.rebind(command.bindings)
  send({ type: 'done', id: command.id, bindings: listeners.bindings, failures })
}

function send(event: ServingEvent): void {
  control.postMessage(event)
}
