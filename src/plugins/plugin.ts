import type { Directive } from '../corefile/directive.ts'
import type { TableLimits } from '../answers/table-answers.ts'
import type { QueryScan } from '../dns/query-scan.ts'
import type { Exchange } from './exchange.ts'
import type { Handler, Query } from './handler.ts'
import type { ServingContext } from './serving-context.ts'

/** The server block that a directive stands in. */
export interface BlockPlace {
  /** Lower case with a final dot: `.` or `cluster.local.`. What zones a directive without any is for. */
  readonly zones: readonly string[]
  readonly port: number
  /** The names of all directives of the block. */
  readonly plugins: ReadonlySet<string>
}

/**
 * A plugin: one folder, one line in chain-order.ts. Configured only through its Directive.
 * `Settings` is plain data: what one directive says.
 */
export interface Plugin<Settings> {
  readonly name: string
  /** May stand more than once in a server block. */
  readonly isRepeatable?: true
  /**
   * Work of this link is shared by all serving threads: a query goes to the thread that its name belongs to before it
   * comes to this link (caches, upstreams).
   */
  readonly isShared?: true
  /** The name of the view that the directive makes of its server block, as metrics say it. */
  viewOf?(settings: Settings): string
  /** Reads a directive, in every thread and in `signpost check`. Throws a CorefileError for all that is wrong with it. */
  read(directive: Directive, place: BlockPlace): Settings
  /**
   * Looks at a directive once more when all of its block are read. Throws a CorefileError where it does not go with what
   * others say.
   */
  check?(directive: Directive, block: { readonly settingsOf: SettingsOf }): void
  /**
   * Makes the link from all directives of this name in a block; `undefined` when queries need not pass here. Without it, the
   * plugin is for the control thread.
   */
  serve?(settings: readonly Settings[], context: ServingContext): Link | Handler | undefined
}

/**
 * What all directives of one name in a block say, as plain data in the order of the file; empty when there is none. By name,
 * because plugins do not import each other.
 */
export type SettingsOf = (name: string) => readonly Readonly<Record<string, unknown>>[]

/** A plugin whatever its settings are. */
// eslint-disable-next-line typescript/no-explicit-any -- the settings go from a plugin to the same plugin
export type AnyPlugin = Plugin<any>

/** A link of the chain of one server block, in one serving thread. */
export interface Link {
  readonly handle: Handler
  /**
   * True while every answer of the cluster zone passes this link as it is, so that the fast path may give it without the
   * chain. A function is asked per query, which it may look at, so that it closes the fast path for some questions only. It
   * must be quick and allocate nothing. False when absent.
   */
  readonly leavesClusterAnswers?: boolean | ((scan: QueryScan) => boolean)
  /** This link answers from the answer table: what of it is left to the chain. */
  readonly table?: TableLimits
  /** Wants questions of other classes than IN, which are REFUSED where no link does. */
  readonly takesOtherClasses?: true
  /** Sees a query before the chain does: what it returns goes through the chain and to those who observe. */
  readonly prepare?: (query: Query) => Query
  /** Hears of every reply of the block when it has been written. */
  readonly observe?: (exchange: Exchange) => void
  /** `chain`: has no use for replies of the fast path, which then are not told and need no clock. */
  readonly observes?: 'chain'
  /** Which queries this block is for, beside its zones. */
  readonly accepts?: (query: Query) => boolean
  /** What this plugin knows about a query, for others. Called when the block has `metadata`. */
  readonly metadata?: (query: Query) => Iterable<readonly [name: string, value: () => string]>
  /** Ends timers and sockets: the configuration has changed. What `context.keep` holds goes on. */
  readonly close?: () => void
}
