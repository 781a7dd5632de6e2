import type { ParseArgsOptionsConfig } from 'node:util'
import type { CommandIo } from './io.ts'

/** The values of a command line, checked against the command's own `options`. */
export interface CommandLine {
  readonly values: Readonly<
    Record<string, string | boolean | readonly (string | boolean)[] | undefined>
  >
  readonly positionals: readonly string[]
}

/** One option as `--help` shows it. */
export interface CommandOption {
  /** `DIR`, or undefined for a switch. */
  readonly value?: string
  readonly help: string
  readonly short?: string
  readonly multiple?: true
}

/** One word after `signpost`, with all that `--help` and the parser need to know. */
export interface Command {
  readonly name: string
  /** What stands between the name and the options: `NAME [TYPE]`. */
  readonly positionals: string
  readonly minPositionals: number
  readonly maxPositionals: number
  readonly summary: string
  readonly options: Readonly<Record<string, CommandOption>>
  readonly examples: readonly string[]
  /** Resolves with the exit code. */
  readonly run: (line: CommandLine, io: CommandIo) => Promise<number>
}

/** The options in the form that `node:util` parses. */
export function parserOptions(options: Command['options']): ParseArgsOptionsConfig {
  return Object.fromEntries(
    Object.entries({ ...options, help: { help: '', short: 'h' } }).map(
      ([name, option]: [string, CommandOption]) => [
        name,
        {
          type: option.value === undefined ? ('boolean' as const) : ('string' as const),
          ...(option.short === undefined ? {} : { short: option.short }),
          ...(option.multiple ? { multiple: true } : {}),
        },
      ],
    ),
  )
}

export function stringOption(line: CommandLine, name: string): string | undefined {
  const value = line.values[name]
  return typeof value === 'string' ? value : undefined
}

export function stringsOption(line: CommandLine, name: string): readonly string[] {
  const value = line.values[name]
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : []
}

export function switchOption(line: CommandLine, name: string): boolean {
  return line.values[name] === true
}
