/**
 * A Corefile with its imports and environment variables replaced, not yet checked by any plugin. Plain
 * data all through, because it is posted to other threads.
 */
export interface Corefile {
  readonly blocks: readonly ServerBlock[]
  /** Every file read, the Corefile first: what to watch. */
  readonly files: readonly string[]
  /** The globs imported, whether or not they match anything now: what to watch too. */
  readonly globs: readonly string[]
  readonly warnings: readonly string[]
  /**
   * All keys, words and braces, one line for each line. Equal for two Corefiles that differ only in
   * comments, spacing, quotes, or where lines come from. Made for a checksum, and can be parsed again.
   */
  readonly canonicalText: string
}

export interface ServerBlock {
  readonly keys: readonly ServerKey[]
  readonly directives: readonly DirectiveText[]
  readonly file: string
  readonly line: number
}

export type ServerScheme = 'dns' | 'tls' | 'https' | 'https3' | 'quic' | 'grpc'

/** What a server block serves: `example.org:1053`, `tls://.`. A CIDR stands for one or more reverse zones. */
export interface ServerKey {
  readonly scheme: ServerScheme
  /** In lower case, with the final dot. */
  readonly zone: string
  readonly port: number
  /** As written. Keys made from one CIDR share it. */
  readonly text: string
}

/** A line of a block: `forward . 1.1.1.1 { … }`. */
export interface DirectiveText {
  readonly name: string
  /** What follows the name. */
  readonly words: readonly Word[]
  /** The lines of its own block; `undefined` without one. */
  readonly lines: readonly DirectiveText[] | undefined
  readonly file: string
  readonly line: number
}

export interface Word {
  readonly text: string
  readonly file: string
  readonly line: number
}
