/**
 * Asks a server steadily over UDP until SIGTERM and writes down what came back when: `node bench/probe.ts PORT QUESTIONS
 * RESULT`. QUESTIONS is a JSON file of ProbeQuestion, RESULT becomes a JSON file of ProbeSample. In a process of its own,
 * so that nothing but the server makes it wait.
 */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { decodeReply, encodeQuestion, type Question } from './dns-question.ts'

export interface ProbeQuestion extends Question {
  /** Right answers: each is what `Reply.answers` may be, joined with commas. */
  readonly right: readonly string[]
}

export interface ProbeSample {
  /** Milliseconds since 1970 on the system's clock. */
  readonly sentAtMs: number
  /** `null` when lost. */
  readonly tookMs: number | null
  readonly isRight: boolean
}

interface Sent {
  readonly sentAt: number
  readonly question: ProbeQuestion
  tookMs?: number
  reply?: Uint8Array
}

const queriesPerSecond = 1000
/** A reply that is later than this is lost. */
const patienceMs = 1000
const ids = 65_536
/** So that each serving thread has some: the kernel gives all of one socket to the same. */
const socketCount = 8

const [port, questionsFile, resultFile] = process.argv.slice(2)
const questions = JSON.parse(await readFile(questionsFile!, 'utf8')) as ProbeQuestion[]
const packets = questions.map(question => encodeQuestion(question, 0))
const sent: Sent[] = []

const sockets = await Promise.all(Array.from({ length: socketCount }, openSocket))
const stop = new AbortController()
process.once('SIGTERM', () => stop.abort())
for (const startedAt = performance.now(); !stop.signal.aborted; await sleep(1)) {
  const due = ((performance.now() - startedAt) / 1000) * queriesPerSecond
  while (sent.length < due) sendNext()
}
await sleep(patienceMs)
for (const socket of sockets) socket.close()
await writeFile(resultFile!, JSON.stringify(sent.map(judge)))

async function openSocket(): Promise<Socket> {
  const socket = createSocket('udp4')
  socket.connect(Number(port), '127.0.0.1')
  await once(socket, 'connect')
  socket.on('error', () => {
    // The server is gone: what it does not answer counts as lost.
  })
  return socket.on('message', take)
}

function take(message: Uint8Array): void {
  const now = performance.now()
  const query = latestWithId((message[0]! << 8) | message[1]!)
  if (!query || query.reply || now - query.sentAt > patienceMs) return
  query.tookMs = now - query.sentAt
  query.reply = Uint8Array.from(message)
}

function sendNext(): void {
  const number = sent.length
  const packet = packets[number % packets.length]!
  packet.writeUInt16BE(number % ids, 0)
  sent.push({ sentAt: performance.now(), question: questions[number % questions.length]! })
  sockets[number % socketCount]!.send(packet)
}

function latestWithId(id: number): Sent | undefined {
  const last = sent.length - 1
  return sent[last - ((last - id) & (ids - 1))]
}

function judge({ sentAt, question, tookMs, reply }: Sent): ProbeSample {
  const answer = reply && decodeReply(reply)
  return {
    sentAtMs: performance.timeOrigin + sentAt,
    tookMs: tookMs ?? null,
    isRight: answer?.rcode === 'NOERROR' && question.right.includes(answer.answers.join()),
  }
}
