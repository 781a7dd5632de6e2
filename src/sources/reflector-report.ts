import type { Logger } from '../lib/logger.ts'
import { objectKey } from '../objects/change.ts'
import type {
  ReflectorObserver,
  ReflectorPhase,
  ReflectorRequest,
  ReflectorTrouble,
} from '../reflector/reflector-observer.ts'
import type { ObjectName } from '../reflector/reflector-sink.ts'
import type { TroubleLines } from './trouble-lines.ts'

export interface ReflectorReportOptions {
  /** `endpointslices.discovery.k8s.io` */
  readonly resource: string
  readonly troubles: TroubleLines
  readonly logger: Logger
  readonly onRequest: (request: ReflectorRequest) => void
  readonly onSynced: () => void
  /** The cluster does not have the API, which is no trouble then. */
  readonly onMissing?: () => void
  readonly onSettled: (phase: ReflectorPhase) => void
}

/** Tells the log what becomes of one reflector: one line when something is wrong, one when it is right again. */
export class ReflectorReport implements ReflectorObserver {
  readonly #options: ReflectorReportOptions
  #hasSynced = false

  constructor(options: ReflectorReportOptions) {
    this.#options = options
  }

  requested(request: ReflectorRequest): void {
    this.#options.onRequest(request)
  }

  synced(): void {
    this.#hasSynced = true
    this.#options.onSynced()
  }

  trouble({ kind, message }: ReflectorTrouble): void {
    const { onMissing } = this.#options
    if (kind === 'missing' && onMissing) return onMissing()
    const meanwhile = this.#hasSynced ? '; what is known is served on' : ''
    this.#options.troubles.begin(this.#options.resource, `${message}${meanwhile}`)
  }

  healed(): void {
    this.#options.troubles.end(this.#options.resource)
  }

  settled(phase: ReflectorPhase): void {
    this.#options.onSettled(phase)
  }

  applyFailed(error: unknown, object?: ObjectName): void {
    const { resource, logger } = this.#options
    const what = object ? `${resource} ${objectKey(object)}` : resource
    logger.error(`${what} left out: ${(error as Error).message}`)
  }
}
