import { createSocket } from 'node:dgram'
import { setTimeout as delay } from 'node:timers/promises'
import { decoded, plainQuery } from './dns-client.ts'

const everyMs = 4
const questionsEach = 2
/** For the last answers to come. */
const graceMs = 1000

/** Asks a server for the same names without pause, 500 times a second, and counts what is not as it always was. */
export class SteadyQuestions implements AsyncDisposable {
  readonly wrong: string[] = []
  asked = 0
  readonly #socket = createSocket('udp4')
  readonly #timer: NodeJS.Timeout
  readonly #open = new Map<number, string>()
  readonly #port: number
  readonly #names: readonly string[]
  readonly #addresses: ReadonlyMap<string, string>

  /** `addresses` by full name without the last dot. */
  constructor(port: number, addresses: ReadonlyMap<string, string>) {
    this.#port = port
    this.#addresses = addresses
    this.#names = [...addresses.keys()]
    this.#socket.on('message', reply => this.#check(reply))
    this.#timer = setInterval(() => this.#ask(), everyMs)
  }

  /** How many were not answered. Nothing more is asked. */
  async lost(): Promise<number> {
    clearInterval(this.#timer)
    const startedAt = performance.now()
    while (this.#open.size > 0 && performance.now() - startedAt < graceMs) await delay(5)
    return this.#open.size
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    this.#socket.close()
  }

  #ask(): void {
    for (let i = 0; i < questionsEach; i++) {
      const name = this.#names[this.asked % this.#names.length]!
      const id = this.asked++ & 0xffff
      this.#open.set(id, name)
      this.#socket.send(plainQuery(name, 'A', id), this.#port, '127.0.0.1')
    }
  }

  #check(reply: Buffer): void {
    const { id = 0, rcode, answers = [] } = decoded(reply)
    const name = this.#open.get(id) ?? ''
    this.#open.delete(id)
    const [answer] = answers
    const found = answer?.type === 'A' ? answer.data : rcode
    if (found !== this.#addresses.get(name)) this.wrong.push(`${name}: ${found}`)
  }
}
