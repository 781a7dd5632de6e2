import pino from 'pino'
import type { LogFields, Logger } from '../lib/logger.ts'

/** JSON lines for programs: pino's form, with the level as a word and no host or process number. */
export function createJsonLogger(write: (line: string) => void): Logger {
  const log = pino(
    {
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
    },
    { write },
  )
  return {
    info: (message, fields) => log.info(fields ?? {}, message),
    warn: (message, fields) => log.warn(fields ?? {}, message),
    error: (message, fields) => log.error(fields ?? {}, message),
  }
}

/** CoreDNS's form: a level in brackets, then words. */
export function createCorefileLogger(write: (line: string) => void): Logger {
  const line =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      const rest = Object.entries(fields)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => ` ${key}=${value}`)
      write(`[${level}] ${message}${rest.join('')}\n`)
    }
  return { info: line('INFO'), warn: line('WARNING'), error: line('ERROR') }
}

/** Lines for people on a terminal: time, message, fields; colour for what needs a look. */
export function createTerminalLogger(write: (line: string) => void): Logger {
  const line =
    (colour: string) =>
    (message: string, fields: LogFields = {}): void => {
      const time = new Date().toTimeString().slice(0, 8)
      const rest = Object.entries(fields)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => ` \u001B[2m${key}=\u001B[22m${value}`)
      write(`\u001B[2m${time}\u001B[22m ${colour}${message}\u001B[39m${rest.join('')}\n`)
    }
  return { info: line(''), warn: line('\u001B[33m'), error: line('\u001B[31m') }
}
