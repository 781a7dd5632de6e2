import type { Logger } from '../lib/logger.ts'

/** One line for what is wrong, however many resources it concerns, and one when it is over. */
export class TroubleLines {
  readonly #server: string
  readonly #logger: Logger
  /** Resources by what is wrong with them, now and since it began. */
  readonly #troubles = new Map<string, { readonly now: Set<string>; readonly all: Set<string> }>()

  constructor(server: string, logger: Logger) {
    this.#server = server
    this.#logger = logger
  }

  begin(resource: string, message: string): void {
    const known = this.#troubles.get(message)
    const trouble = known ?? { now: new Set(), all: new Set() }
    trouble.now.add(resource)
    trouble.all.add(resource)
    if (known) return
    this.#troubles.set(message, trouble)
    this.#logger.warn(message)
  }

  end(resource: string): void {
    const over = new Set<string>()
    for (const [message, { now, all }] of this.#troubles) {
      now.delete(resource)
      if (now.size > 0) continue
      this.#troubles.delete(message)
      for (const one of all) over.add(one)
    }
    if (over.size === 0) return
    const resources = [...over].toSorted().join(', ')
    this.#logger.info(`following ${resources} of ${this.#server} again`)
  }
}
