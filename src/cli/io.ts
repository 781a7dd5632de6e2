/** What a command may touch of the process it runs in. */
export interface CommandIo {
  /** Standard output, for what was asked for. */
  readonly out: (text: string) => void
  /** Standard error, for everything else. */
  readonly err: (text: string) => void
  /** Standard output is a terminal: people read it. */
  readonly isTerminal: boolean
  /** Aborted at the first SIGINT or SIGTERM. */
  readonly stop: AbortSignal
}
