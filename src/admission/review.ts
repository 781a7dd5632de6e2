import type { RawObject } from '../objects/raw-value.ts'

/** What the API server asks: the `request` of an AdmissionReview `admission.k8s.io/v1`, as far as it is used. */
export interface AdmissionRequest {
  /** Of this call, not of the client's request: another call for the same object has another one. */
  readonly uid: string
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT'
  /** `services`, `pods` */
  readonly resource: string
  /** '' for the object itself; `ephemeralcontainers`. */
  readonly subresource: string
  readonly namespace: string
  /** '' where the server will make it from `generateName`. */
  readonly name: string
  readonly dryRun: boolean
  readonly username: string
  /** `undefined` for DELETE. */
  readonly object: RawObject | undefined
  /** `undefined` for CREATE. */
  readonly oldObject: RawObject | undefined
}

/** RFC 6902. */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove' | 'test'
  /** RFC 6901: `/spec/containers/0/env`. */
  readonly path: string
  readonly value?: unknown
}

/** What is said of a request. Nothing to change is an empty patch. */
export type AdmissionDecision =
  | {
      readonly allowed: true
      readonly patch: readonly PatchOperation[]
      /** Lines for the person who asked, ASCII, at most 120 characters each. */
      readonly warnings: readonly string[]
      /** For the audit log: names without a slash, at most 63 characters. */
      readonly audit: Readonly<Record<string, string>>
      /** What was decided, for metrics and the log: `injected`, `stable`, `none`; few values. */
      readonly outcome: string
    }
  | {
      readonly allowed: false
      /** Of HTTP, 400 or more. */
      readonly code: number
      readonly reason: 'Invalid' | 'Forbidden'
      readonly message: string
      readonly outcome: string
    }

/** Thrown by a {@link Reviewer} that cannot decide now: the API server asks again after `Retry-After`, and then goes on without. */
export class NotNow extends Error {
  override readonly name = 'NotNow'
  readonly status: 429 | 503

  constructor(status: 429 | 503, message: string) {
    super(message)
    this.status = status
  }
}

/**
 * One webhook. Idempotent: its own patch, reviewed again, changes nothing more. `signal` is aborted shortly before the API
 * server stops waiting, so that what is known may still be answered, and when nobody waits any more. Only Pods and Services of
 * the core group get here.
 */
export type Reviewer = (
  request: AdmissionRequest,
  signal: AbortSignal,
) => AdmissionDecision | Promise<AdmissionDecision>
