import { workerData } from 'node:worker_threads'
import '../../src/server/worker.ts'

/* A serving thread that says when it is there and throws when its number is called. */

const { index } = workerData as { index: number }
const channel = new BroadcastChannel('mortal')
channel.addEventListener('message', event => {
  if ((event as MessageEvent).data === `die ${index}`) throw new Error('it was told to')
})
channel.unref()
channel.postMessage(`born ${index}`)
