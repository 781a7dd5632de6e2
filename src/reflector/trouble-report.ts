import type { ReflectorObserver } from './reflector-observer.ts'
import type { WatchError, WatchErrorCode } from './watch-error.ts'

/**
 * From which failure of its kind in a row it is worth a word. What people must do something about: from the first. What goes away by itself,
 * because a server restarts or a load balancer closes what is idle: from the second. What only means that all is listed again: later.
 */
const toldFrom: Readonly<Record<WatchErrorCode, number>> = {
  credentials: 1,
  forbidden: 1,
  internal: 1,
  missing: 1,
  protocol: 1,
  tls: 1,
  unauthorized: 1,
  brief: 2,
  network: 2,
  server: 2,
  silent: 2,
  throttled: 2,
  unsupported: 2,
  ahead: 3,
  behind: 3,
  gone: 3,
}

/** Makes one word of many failures: what is wrong when it begins, each kind once, and that it is over. */
export class TroubleReport {
  readonly #observer: ReflectorObserver
  readonly #told = new Set<WatchErrorCode>()
  readonly #failures = new Map<WatchErrorCode, number>()

  constructor(observer: ReflectorObserver) {
    this.#observer = observer
  }

  failed({ code, message, status }: WatchError, hasSynced: boolean): void {
    const failures = (this.#failures.get(code) ?? 0) + 1
    this.#failures.set(code, failures)
    if (hasSynced && failures < toldFrom[code]) return
    if (this.#told.has(code)) return
    this.#told.add(code)
    this.#observer.trouble({ kind: code, message, ...(status !== undefined && { status }) })
  }

  healed(): void {
    this.#failures.clear()
    if (this.#told.size === 0) return
    this.#told.clear()
    this.#observer.healed()
  }
}
