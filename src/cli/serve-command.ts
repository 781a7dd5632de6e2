import { availableParallelism } from 'node:os'
import { createJsonLogger, createTerminalLogger } from '../app/console-logger.ts'
import { Server } from '../app/server.ts'
import { type HostPort, parseHostPort } from '../lib/host-port.ts'
import { type Command, type CommandLine, stringsOption } from './command.ts'
import type { CommandIo } from './io.ts'
import { readInteger, readSourceFlags, sourceFlags } from './source-flags.ts'
import { UsageError } from './usage-error.ts'

const defaultListen = '127.0.0.1:1053'
const defaultPort = 1053
/** More serving threads than this help nobody and each costs memory. */
const maxWorkers = 32

export const serveCommand: Command = {
  name: 'serve',
  positionals: '',
  minPositionals: 0,
  maxPositionals: 0,
  summary: 'Answer DNS for a folder of manifests, and follow its changes',
  options: {
    ...sourceFlags,
    listen: {
      value: 'ADDR:PORT',
      multiple: true,
      help: `where to answer, UDP and TCP; may be given again (${defaultListen}); \`:53\` is every address`,
    },
    workers: { value: 'N', help: 'serving threads (2, or 1 where there is one CPU)' },
  },
  examples: [
    'signpost serve --manifests examples',
    'signpost serve --manifests k8s --state .signpost --listen 127.0.0.1:1053 --listen [::1]:1053',
    'signpost serve --manifests k8s --service-cidr 10.96.0.0/16,fd00:96::/112 --pod-cidr 10.244.0.0/16,fd00:244::/56',
  ],
  run: serve,
}

async function serve(line: CommandLine, io: CommandIo): Promise<number> {
  const cluster = readSourceFlags(line)
  const listen = readListen(line)
  const workers = readInteger(line, 'workers', { min: 1, max: maxWorkers }) ?? defaultWorkers()
  const logger = io.isTerminal ? createTerminalLogger(io.out) : createJsonLogger(io.out)
  let toldAt = performance.now()
  const { server, summary } = await Server.start({
    ...cluster,
    listen,
    workers,
    logger,
    onProgress: (done, total) => {
      if (performance.now() - toldAt < 1000) return
      toldAt = performance.now()
      logger.info(`reading manifests: ${done} of ${total} files`)
    },
  })
  const stop = io.stop()
  if (io.isTerminal) {
    io.out(
      `${summary.text}\nTry: dig ${digTarget(server.bindings[0]!)} kubernetes.default.svc.${cluster.zone}\n\n`,
    )
  } else {
    logger.info('serving', summary.fields)
  }
  await stopped(stop)
  logger.info('stopping')
  await server.close()
  return 0
}

function digTarget({ address, port }: { readonly address: string; readonly port: number }): string {
  return `@${address} -p ${port}`
}

function readListen(line: CommandLine): HostPort[] {
  const given = stringsOption(line, 'listen')
  return (given.length > 0 ? given : [defaultListen]).map(text => {
    const parsed = parseHostPort(text, defaultPort)
    if (parsed) return parsed
    throw new UsageError(
      `--listen: expected ADDR:PORT such as 127.0.0.1:1053, [::1]:1053 or :53, got "${text}"`,
    )
  })
}

/** Threads share a port through SO_REUSEPORT, which balances queries on Linux only. */
function defaultWorkers(): number {
  return process.platform === 'linux' ? Math.min(2, availableParallelism()) : 1
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
