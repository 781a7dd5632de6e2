import { setFlagsFromString } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { releaseMemory } from './release-memory.ts'
import type { ServingCommand, ServingEvent, ServingOptions } from './serving-protocol.ts'
import { ServingWorker } from './serving-worker.ts'

/* The entry of a serving thread. Started by ServingThreads. */

// Regular expressions of the Corefile meet names that clients choose: V8 ends in linear time then what backtracks too long.
// Set before the first of them is made; all that src/corefile/regular-expression.ts makes can be run so.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')

const control = parentPort!
const worker = new ServingWorker(workerData as ServingOptions, send)
// Serving leaves so little behind that nothing else would ever collect what starting has.
releaseMemory()

control.on('message', (command: ServingCommand) => {
  void obey(command)
})

async function obey(command: ServingCommand): Promise<void> {
  switch (command.type) {
    case 'configure': {
      const failures = await worker.configure(command.configuration)
      send({ type: 'done', id: command.id, bindings: worker.bindings, failures })
      return
    }
    case 'close':
      await worker.close()
      send({ type: 'done', id: command.id, bindings: [], failures: [] })
      control.close()
      return
    case 'peer':
      worker.connectPeer(command.index, command.port)
      return
    case 'reply':
      worker.settle(command.id, command.value, command.error)
  }
}

function send(event: ServingEvent): void {
  control.postMessage(event)
}
