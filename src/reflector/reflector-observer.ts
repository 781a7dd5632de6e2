import type { ObjectName } from './reflector-sink.ts'
import type { WatchErrorCode } from './watch-error.ts'

/** Why a reflector cannot follow the API server. */
export interface ReflectorTrouble {
  readonly kind: WatchErrorCode
  /** One line for people: what cannot be done, where, and what the server says. */
  readonly message: string
  /** Of HTTP, where there was an answer. */
  readonly status?: number
}

/**
 * `syncing` while all objects are being listed: more follows, so work may be put off. `watching` afterwards, and once when the
 * list is complete or broken off, so that what was put off is done.
 */
export type ReflectorPhase = 'syncing' | 'watching'

/** One request to the API server. */
export interface ReflectorRequest {
  /** Of HTTP; `undefined` where no answer came. */
  readonly status: number | undefined
  /** Until the headers of the answer, credentials and connection included. */
  readonly tookMs: number
}

/** Who is told what becomes of a reflector. Nothing here may throw but `settled`, which counts like a sink that throws. */
export interface ReflectorObserver {
  requested(request: ReflectorRequest): void
  /** The sink has all objects; said once. */
  synced(): void
  /** Once when it begins, and once more for each further kind until `healed`. */
  trouble(trouble: ReflectorTrouble): void
  healed(): void
  /** All that came in together has been given to the sink, and there was something. Before `synced` all of it is. */
  settled(phase: ReflectorPhase): void
  /** The sink, or `settled` where there is no object, has thrown. */
  applyFailed(error: unknown, object?: ObjectName): void
}
