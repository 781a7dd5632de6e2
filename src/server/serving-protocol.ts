import type { MessagePort } from 'node:worker_threads'
import type { DirectiveText } from '../corefile/corefile.ts'
import type { MetricSeries } from '../lib/metric-cells.ts'
import type { BindFailure } from './bind-failure.ts'
import type { Binding } from './binding.ts'

/** What a serving thread is started with: plain data, because it crosses to another thread. */
export interface ServingOptions {
  readonly index: number
  readonly count: number
  /** Threads share their ports through SO_REUSEPORT. */
  readonly reusePort: boolean
}

/** All that a serving thread does. Another one takes its place as a whole, and what is alike in both stays as it is. */
export interface ServingConfiguration {
  /** The memory of the answer table, and of the table of clients. */
  readonly answers: SharedArrayBuffer
  readonly clients: SharedArrayBuffer
  readonly blocks: readonly BlockConfiguration[]
  readonly listeners: readonly ListenerConfiguration[]
}

export interface BlockConfiguration {
  readonly zones: readonly string[]
  readonly port: number
  /** `dns://:53`, as metrics say it. */
  readonly server: string
  readonly directives: readonly DirectiveText[]
}

export interface ListenerConfiguration {
  readonly binding: Binding
  /** Numbers of the blocks that are served there. */
  readonly blocks: readonly number[]
  /** Certificate and key in PEM, for `tls`. */
  readonly tls?: TlsConfiguration
  /** What `timeouts` says; what it leaves out is as usual. */
  readonly connections?: ConnectionLimits
}

/** How long a connection of a client may last, and for how much. */
export interface ConnectionLimits {
  /** From the first byte of a query to its last. */
  readonly readMs?: number | undefined
  /** A client that reads nothing for so long while replies wait is hung up on. */
  readonly writeMs?: number | undefined
  /** Without a query. */
  readonly idleMs?: number | undefined
  /** Queries, after which the connection is closed; unlimited when absent. */
  readonly maxQueries?: number | undefined
}

export interface TlsConfiguration {
  readonly cert: string
  readonly key: string
  readonly ca: string | undefined
  readonly clientAuth: 'none' | 'request' | 'require'
}

/** Commands that a serving thread says done to. */
export type AnsweredCommand =
  | {
      readonly type: 'configure'
      readonly id: number
      readonly configuration: ServingConfiguration
    }
  | { readonly type: 'close'; readonly id: number }

/** From the control thread. */
export type ServingCommand =
  | AnsweredCommand
  /** A line to another serving thread, which has just been started. */
  | { readonly type: 'peer'; readonly index: number; readonly port: MessagePort }
  | {
      readonly type: 'reply'
      readonly id: number
      readonly value: unknown
      readonly error?: string
    }

/** From a serving thread. `configure` and `close` are answered with their id; `bindings` have their real ports. */
export type ServingEvent =
  | {
      readonly type: 'done'
      readonly id: number
      readonly bindings: readonly Binding[]
      readonly failures: readonly BindFailure[]
    }
  | { readonly type: 'fault'; readonly message: string }
  | { readonly type: 'metric'; readonly series: MetricSeries }
  | {
      readonly type: 'log'
      readonly level: 'info' | 'warn' | 'error'
      readonly plugin: string
      readonly text: string
    }
  /** Lines for the query log, ready to be printed. */
  | { readonly type: 'lines'; readonly text: string }
  | {
      readonly type: 'ask'
      readonly id: number
      readonly topic: string
      readonly argument: unknown
    }
