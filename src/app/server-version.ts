import { setTimeout as delay } from 'node:timers/promises'
import { type KubernetesVersion, parseKubernetesVersion } from '../admission/kubernetes-version.ts'
import { isRawObject } from '../objects/raw-value.ts'
import type { ApiAccess } from '../reflector/api-access.ts'
import { ApiCall } from '../reflector/api-call.ts'
import { readJson } from '../reflector/json-answer.ts'
import { defaultTiming } from '../reflector/reflector-timing.ts'

/** Servers are upgraded one by one and seldom. */
const againMs = 10 * 60_000
const retryMs = 5000
const answerMs = 10_000
const maxBytes = 64 * 1024

/** What release the API server is of, asked for again and again. `undefined` while it has not said. */
export class ServerVersion implements AsyncDisposable {
  readonly #access: ApiAccess
  readonly #stop = new AbortController()
  readonly #running: Promise<void>
  #current: KubernetesVersion | undefined

  constructor(access: ApiAccess) {
    this.#access = access
    this.#running = this.#run(this.#stop.signal)
  }

  get current(): KubernetesVersion | undefined {
    return this.#current
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop
      const isKnown = await this.#ask(signal)
      // Aborting ends the pause with an error that says nothing new.
      // oxlint-disable-next-line no-await-in-loop
      await delay(isKnown ? againMs : retryMs, undefined, { signal }).catch(() => {})
    }
  }

  /** False where there was no answer; the reflectors say why. */
  async #ask(signal: AbortSignal): Promise<boolean> {
    try {
      await using call = await ApiCall.open({
        access: this.#access,
        path: '/version',
        timing: defaultTiming,
        signal,
        silenceMs: answerMs,
        deadlineMs: answerMs,
        last: undefined,
        heard: () => {},
      })
      const answer = await readJson(call, maxBytes)
      const text = isRawObject(answer) ? answer['gitVersion'] : undefined
      if (call.status !== 200 || typeof text !== 'string') return false
      this.#current = parseKubernetesVersion(text)
      return this.#current !== undefined
    } catch {
      return false
    }
  }
}
