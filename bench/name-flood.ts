/**
 * Asks for names outside the cluster, each another one, until SIGTERM: `node bench/name-flood.ts PORT RATE RESULT`. Questions
 * come from many clients, so that no client's limit stops them. RESULT becomes a JSON file of FloodCounts.
 */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { encodeQuestion } from './dns-question.ts'

export interface FloodCounts {
  readonly sent: number
  /** With whatever rcode. */
  readonly answered: number
}

const clientCount = 32
const firstClient = 10
const ids = 65_536

const [port, queriesPerSecond, resultFile] = process.argv.slice(2)
let sent = 0
let answered = 0

const clients = await Promise.all(Array.from({ length: clientCount }, (_, n) => openClient(n)))
const stop = new AbortController()
process.once('SIGTERM', () => stop.abort())
for (const startedAt = performance.now(); !stop.signal.aborted; await sleep(1)) {
  const due = ((performance.now() - startedAt) / 1000) * Number(queriesPerSecond)
  for (; sent < due; sent++) {
    const question = { name: `n${sent}.flood.example`, type: 'A' } as const
    clients[sent % clientCount]!.send(encodeQuestion(question, sent % ids))
  }
}
for (const client of clients) client.close()
await writeFile(resultFile!, JSON.stringify({ sent, answered } satisfies FloodCounts))

/** All of 127.0.0.0/8 is this machine. */
async function openClient(number: number): Promise<Socket> {
  const socket = createSocket('udp4')
  socket.on('message', () => answered++)
  socket.bind(0, `127.0.0.${firstClient + number}`)
  await once(socket, 'listening')
  socket.connect(Number(port), '127.0.0.1')
  await once(socket, 'connect')
  return socket
}
