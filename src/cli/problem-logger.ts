import type { Logger } from '../lib/logger.ts'
import type { CommandIo } from './io.ts'

/** For a command that reads a cluster once: only of a server that keeps it waiting is anything to be said before the result. */
export function problemLogger(io: CommandIo): Logger {
  const tell = (message: string): void => io.err(`${message}\n`)
  return { info: () => {}, warn: tell, error: tell }
}
