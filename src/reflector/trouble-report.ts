import type { ReflectorObserver } from './reflector-observer.ts'
import type { WatchError, WatchErrorCode } from './watch-error.ts'

/** What goes away by itself, usually: a server restarts, a load balancer closes what is idle. Worth a word when it comes twice. */
const passing: ReadonlySet<WatchErrorCode> = new Set([
  'ahead',
  'behind',
  'brief',
  'gone',
  'network',
  'protocol',
  'server',
  'silent',
  'throttled',
  'unsupported',
] satisfies WatchErrorCode[])

/** Makes one word of many failures: what is wrong when it begins, each kind once, and that it is over. */
export class TroubleReport {
  readonly #observer: ReflectorObserver
  readonly #told = new Set<WatchErrorCode>()
  #failures = 0

  constructor(observer: ReflectorObserver) {
    this.#observer = observer
  }

  failed({ code, message, status }: WatchError, hasSynced: boolean): void {
    this.#failures++
    if (hasSynced && this.#failures === 1 && passing.has(code)) return
    if (this.#told.has(code)) return
    this.#told.add(code)
    this.#observer.trouble({ kind: code, message, ...(status !== undefined && { status }) })
  }

  healed(): void {
    this.#failures = 0
    if (this.#told.size === 0) return
    this.#told.clear()
    this.#observer.healed()
  }
}
