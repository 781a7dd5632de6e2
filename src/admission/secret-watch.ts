import type { Logger } from '../lib/logger.ts'
import type { ApiAccess } from '../reflector/api-access.ts'
import type { ApiResource } from '../reflector/api-resource.ts'
import { Reflector } from '../reflector/reflector.ts'
import type { ReflectorObserver } from '../reflector/reflector-observer.ts'
import type { ApiObject } from '../reflector/reflector-sink.ts'

export interface SecretWatchOptions {
  readonly access: ApiAccess
  readonly logger: Logger
  readonly namespace: string
  readonly name: string
  /** The Secret as it is now, `undefined` where there is none; called once all is known, and when it changes. */
  readonly onSecret: (secret: ApiObject | undefined) => void
}

/** Follows one Secret through the API: a mounted volume would be a minute behind. */
export class SecretWatch {
  readonly #options: SecretWatchOptions
  readonly #reflector: Reflector
  #secret: ApiObject | undefined
  #isSynced = false

  constructor(options: SecretWatchOptions) {
    const { access, namespace, name } = options
    const resource: ApiResource = {
      group: '',
      version: 'v1',
      plural: 'secrets',
      namespace,
      // So that the right to this one is enough.
      fieldSelector: `metadata.name=${name}`,
      pageSize: 10,
    }
    const sink = {
      upsert: (object: ApiObject) => this.#take(object),
      delete: () => this.#take(undefined),
    }
    this.#options = options
    this.#reflector = new Reflector({ access, resource, sink, observer: this.#observer() })
  }

  /** Resolves when the signal is aborted and nothing is left open; never rejects. */
  run(signal: AbortSignal): Promise<void> {
    return this.#reflector.run(signal)
  }

  #take(secret: ApiObject | undefined): void {
    if (secret && secret.metadata.name !== this.#options.name) return
    this.#secret = secret
    if (this.#isSynced) this.#options.onSecret(secret)
  }

  #observer(): ReflectorObserver {
    const { logger, name } = this.#options
    return {
      requested: () => {},
      synced: () => {
        this.#isSynced = true
        this.#options.onSecret(this.#secret)
      },
      trouble: ({ message }) => logger.warn(message),
      healed: () => logger.info('the API server answers again', { secret: name }),
      settled: () => {},
      // Its message may quote the object.
      applyFailed: () => logger.error('the Secret could not be taken', { secret: name }),
    }
  }
}
