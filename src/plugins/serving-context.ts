import type { AnswerReader } from '../answers/answer-reader.ts'
import type { TableAnswers } from '../answers/table-answers.ts'
import type { MetricCells } from '../lib/metric-cells.ts'
import type { Answer, Query } from './handler.ts'
import type { Link } from './plugin.ts'

/** The same without what comes with the chain itself. */
export type BlockContext = Omit<ServingContext, 'links'>

/** What the links of one server block work with, in one serving thread. */
export interface ServingContext {
  readonly block: BlockLabels
  /** All links of the block. Whole when queries come, not yet while links are made. */
  readonly links: readonly Link[]
  /** The answers of the cluster zones. */
  readonly table: TableAnswers
  readonly reader: AnswerReader
  /** Address of a client (its reverse name) ─▶ TXT records: namespace, pod name, labels; empty unless a plugin needs it. */
  readonly clients: AnswerReader
  readonly metrics: MetricCells
  readonly log: PluginLog
  /** This thread's number, and how many there are. */
  readonly thread: { readonly index: number; readonly count: number }
  /** Milliseconds of a clock that never jumps. */
  readonly nowMs: () => number
  /** Asks the whole server again, as if the query had just come in. */
  readonly askServer: (query: Query) => Answer
  /** Asks the control thread; the answer is plain data. */
  readonly askControl: (topic: string, argument: unknown) => Promise<unknown>
  /**
   * State that outlives a change of the configuration, such as a cache: made at the first call with this key, the same
   * object afterwards. The key is of this block; state that no configuration asks for any more is closed.
   */
  readonly keep: <State extends Kept>(key: string, make: () => State) => State
}

/** State with a life of its own. */
export interface Kept {
  close(): void
}

/** A server block in metrics and logs, CoreDNS's way. */
interface BlockLabels {
  /** `dns://:53` */
  readonly server: string
  /** The zones of the block: `.`, or `cluster.local. in-addr.arpa.`. */
  readonly zones: readonly string[]
  readonly view: string
}

/** Lines of the server's log: `[INFO] plugin/cache: …`. */
export interface PluginLog {
  info(plugin: string, text: string): void
  warn(plugin: string, text: string): void
  error(plugin: string, text: string): void
  /** A line as it is, for the query log. */
  line(text: string): void
}
