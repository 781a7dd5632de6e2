import { QueryError } from '../diagnose/query-client.ts'
import { reportQuery } from '../diagnose/query-report.ts'
import { reverseQuestion } from '../diagnose/reverse-question.ts'
import { parseHostPort } from '../lib/host-port.ts'
import { type Command, type CommandLine, stringOption, switchOption } from './command.ts'
import type { CommandIo } from './io.ts'
import { UsageError } from './usage-error.ts'

const defaultServer = '127.0.0.1:1053'
const defaultPort = 1053

export const queryCommand: Command = {
  name: 'query',
  positionals: 'NAME [TYPE]',
  minPositionals: 0,
  maxPositionals: 2,
  summary: 'Ask a DNS server one question, as dig does',
  options: {
    reverse: { value: 'ADDR', short: 'x', help: 'the names of an address, instead of NAME: PTR' },
    server: { value: 'ADDR[:PORT]', help: `whom to ask (${defaultServer})` },
    tcp: { help: 'ask over TCP at once, not only when the answer is cut' },
    json: { help: 'JSON instead of lines' },
  },
  examples: [
    'signpost query web-service.default.svc.cluster.local',
    'signpost query _http._tcp.web-service.default.svc.cluster.local SRV --server 127.0.0.1:1053',
    'signpost query -x 10.96.0.1',
  ],
  run: query,
}

/** Exit code 0 with records, 1 without. */
async function query(line: CommandLine, io: CommandIo): Promise<number> {
  const serverText = stringOption(line, 'server') ?? defaultServer
  const server = parseHostPort(serverText, defaultPort)
  if (!server || server.address === '*') {
    throw new UsageError(`--server: expected ADDR:PORT such as 127.0.0.1:1053, got "${serverText}"`)
  }
  const { name, type } = readQuestion(line)
  const { text, json, hasAnswer } = await reportQuery({
    server,
    name,
    type,
    transport: switchOption(line, 'tcp') ? 'tcp' : 'udp',
  }).catch((error: unknown) => {
    throw error instanceof QueryError && error.code === 'question'
      ? new UsageError(error.message, { cause: error })
      : error
  })
  io.out(switchOption(line, 'json') ? `${JSON.stringify(json, undefined, 2)}\n` : text)
  return hasAnswer ? 0 : 1
}

/** As dig reads it: an address after -x, or before the type PTR, stands for its reverse name. */
function readQuestion(line: CommandLine): { readonly name: string; readonly type: string } {
  const { positionals } = line
  const address = stringOption(line, 'reverse')
  if (address !== undefined) {
    const name = reverseQuestion(address)
    if (name === undefined)
      throw new UsageError(`--reverse: expected an address such as 10.96.0.1, got "${address}"`)
    if (positionals.length > 1)
      throw new UsageError(`query -x takes ADDR [TYPE], got "${positionals.join(' ')}" too`)
    return { name, type: positionals[0] ?? 'PTR' }
  }
  const [name, type = 'A'] = positionals
  if (name === undefined) throw new UsageError('query takes NAME [TYPE] or -x ADDR, got nothing')
  return { name: (type.toUpperCase() === 'PTR' && reverseQuestion(name)) || name, type }
}
