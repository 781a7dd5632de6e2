import { createSocket } from 'node:dgram'
import { parentPort, workerData } from 'node:worker_threads'
import { decoded, plainQuery } from './dns-client.ts'

/*
 * Asks a server for Services whose three addresses all name the generation they are of, `10.GENERATION.…`, and reports
 * every reply that is not of one generation between the last one that was whole when it was asked for and the one that
 * was begun when it came.
 */

const { port, names, words } = workerData as {
  port: number
  names: readonly string[]
  /** The generation that is whole; the one that is being applied; 1 to stop. */
  words: Int32Array
}
const socket = createSocket('udp4')
const wholeWhenAsked = new Map<number, number>()
const wrong: string[] = []
let replies = 0
let id = 0

socket.on('message', message => {
  replies++
  const { answers = [], rcode, id: repliedId = -1 } = decoded(message)
  const generations = answers.map(answer => Number((answer as { data: string }).data.split('.')[1]))
  const [seen = -1] = generations
  const whole = wholeWhenAsked.get(repliedId)!
  const begun = Atomics.load(words, 1)
  const isOne = generations.length === 3 && generations.every(generation => generation === seen)
  if (!isOne || seen < whole || seen > begun)
    wrong.push(`${rcode} of ${generations.join()}, where ${whole} was whole and ${begun} begun`)
})
const timer = setInterval(() => {
  if (Atomics.load(words, 2) === 1) {
    clearInterval(timer)
    socket.close()
    parentPort!.postMessage({ replies, wrong })
    return
  }
  for (let i = 0; i < 8; i++) {
    id = (id + 1) & 0xffff
    wholeWhenAsked.set(id, Atomics.load(words, 0))
    socket.send(plainQuery(names[(id * 7) % names.length]!, 'A', id), port, '127.0.0.1')
  }
}, 1)
