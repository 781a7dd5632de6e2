import type { Binding } from './binding.ts'

/** What a serving thread is started with: plain data, because it crosses to another thread. */
export interface ServingOptions {
  /** The memory of the answer table. */
  readonly answers: SharedArrayBuffer
  /** This thread's number as a reader of it. */
  readonly reader: number
  /** Threads share their ports through SO_REUSEPORT. */
  readonly reusePort: boolean
  /** `pod.ZONE`, as text, for every zone with `pods insecure`. */
  readonly podZones: readonly string[]
  readonly ttlSeconds: number
}

/** From the control thread. `bindings` replaces the list of before: sockets that stay are not touched. */
export type ServingCommand =
  | { readonly type: 'bind'; readonly id: number; readonly bindings: readonly Binding[] }
  | { readonly type: 'close'; readonly id: number }

/** From a serving thread. Every command is answered with its id; `bindings` have their real ports. */
export type ServingEvent =
  | {
      readonly type: 'done'
      readonly id: number
      readonly bindings: readonly Binding[]
      readonly failures: readonly BindFailure[]
    }
  | { readonly type: 'fault'; readonly message: string }

export interface BindFailure {
  readonly binding: Binding
  /** The system's code, `EADDRINUSE` say, and its whole message. */
  readonly code: string
  readonly message: string
}
