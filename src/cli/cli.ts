import { parseArgs } from 'node:util'
import { type Command, type CommandLine, parserOptions } from './command.ts'
import { renderHelp, renderOverview } from './help.ts'
import { StartError } from '../app/start-error.ts'
import type { CommandIo } from './io.ts'
import { translateCorednsFlags } from './coredns-flags.ts'
import { UsageError } from './usage-error.ts'

/**
 * Runs one command line and resolves with its exit code: 0 done, 1 it could not be done, 2 the command line is wrong. The one
 * place where an error becomes an exit code.
 */
export async function runCli(
  commands: readonly Command[],
  args: readonly string[],
  io: CommandIo,
): Promise<number> {
  try {
    const [name, ...rest] = translateCorednsFlags(args)
    if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
      const wanted = name === 'help' ? rest[0] : undefined
      io.out(
        wanted === undefined ? renderOverview(commands) : renderHelp(commandOf(commands, wanted)),
      )
      return name === undefined ? 2 : 0
    }
    const command = commandOf(commands, name === '--version' ? 'version' : name)
    const line = parseCommandLine(command, rest)
    if (line.values['help'] === true) {
      io.out(renderHelp(command))
      return 0
    }
    checkPositionals(command, line)
    return await command.run(line, io)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    io.err(`signpost: ${message}\n`)
    // Both say what the command line should have named.
    return error instanceof UsageError || error instanceof StartError ? 2 : 1
  }
}

function commandOf(commands: readonly Command[], name: string): Command {
  const command = commands.find(candidate => candidate.name === name)
  if (command) return command
  const known = commands.map(candidate => candidate.name).join(', ')
  throw new UsageError(`"${name}" is not a command: known are ${known}`)
}

function parseCommandLine(command: Command, args: readonly string[]): CommandLine {
  try {
    return parseArgs({
      args: [...args],
      options: parserOptions(command.options),
      allowPositionals: true,
      strict: true,
    })
  } catch (error) {
    // Node's own words name the option and what was expected of it; only the first sentence is about that.
    const { message } = error as Error
    const hint = `see \`signpost ${command.name} --help\``
    throw new UsageError(`${message.split(/\.\s|\n/)[0]!.replace(/\.$/, '')}: ${hint}`, {
      cause: error,
    })
  }
}

function checkPositionals(command: Command, { positionals }: CommandLine): void {
  const { length } = positionals
  if (length >= command.minPositionals && length <= command.maxPositionals) return
  const expected = command.positionals || 'nothing but options'
  throw new UsageError(
    `${command.name} takes ${expected}, got ${length === 0 ? 'nothing' : `"${positionals.join(' ')}"`}`,
  )
}
