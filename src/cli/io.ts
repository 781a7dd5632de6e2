/** What a command may touch of the process it runs in. */
export interface CommandIo {
  /** Standard output, for what was asked for. */
  readonly out: (text: string) => void
  /** Standard error, for everything else. */
  readonly err: (text: string) => void
  /** All of standard input. */
  readonly readInput: () => Promise<Buffer>
  /** Standard output is a terminal: people read it. */
  readonly isTerminal: boolean
  /**
   * From the first call on, SIGINT and SIGTERM abort the signal instead of ending the process: for a command that has
   * something to end in order. Another one after that ends the process all the same.
   */
  readonly stop: () => AbortSignal
  /** SIGUSR1 asks for the configuration to be read again. */
  readonly onReload: (reload: () => void) => void
}
