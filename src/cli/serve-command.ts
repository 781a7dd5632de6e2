import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import manifest from '../../package.json' with { type: 'json' }
import { builtInCorefile } from '../app/built-in-corefile.ts'
import {
  createCorefileLogger,
  createJsonLogger,
  createTerminalLogger,
} from '../app/console-logger.ts'
import type { CorefileLocation } from '../app/corefile-loader.ts'
import { Server, type ServerOptions } from '../app/server.ts'
import type { ServerSummary } from '../app/server-summary.ts'
import type { Logger } from '../lib/logger.ts'
import { type HostPort, parseHostPort } from '../lib/host-port.ts'
import {
  type Command,
  type CommandLine,
  stringOption,
  stringsOption,
  switchOption,
} from './command.ts'
import type { CommandIo } from './io.ts'
import { readInteger, readSourceFlags, readZoneFlags, sourceFlags } from './source-flags.ts'
import { stopped } from './stopped.ts'
import { UsageError } from './usage-error.ts'
import { versionLines } from './version-command.ts'

const defaultListen = '127.0.0.1:1053'
const defaultPort = 1053
/** More serving threads than this help nobody and each costs memory. */
const maxWorkers = 32

export const serveCommand: Command = {
  name: 'serve',
  positionals: '',
  minPositionals: 0,
  maxPositionals: 0,
  summary: 'Answer DNS for a cluster, and follow its changes',
  options: {
    ...sourceFlags,
    conf: {
      value: 'FILE',
      help: 'a Corefile, as CoreDNS has it, or `stdin`; without one, that of `signpost config`',
    },
    listen: {
      value: 'ADDR:PORT',
      multiple: true,
      help: `where to answer, UDP and TCP, instead of the ports of a Corefile; may be given again (${defaultListen}); \`:53\` is every address`,
    },
    'dns-port': { value: 'PORT', help: 'port of server blocks that name none (53)' },
    pidfile: { value: 'FILE', help: 'where to write the number of the process' },
    quiet: { help: 'say nothing of what is served at the start' },
    workers: {
      value: 'N',
      help: 'serving threads (what `multisocket` says, else 2, or 1 where there is one CPU)',
    },
  },
  examples: [
    'signpost serve --manifests examples',
    'signpost serve --kubeconfig ~/.kube/config',
    'signpost serve --manifests k8s --conf Corefile --listen 127.0.0.1:1053',
    'signpost -conf Corefile -dns.port 1053',
    'signpost serve --manifests k8s --state .signpost --listen 127.0.0.1:1053 --listen [::1]:1053',
    'signpost serve --manifests k8s --service-cidr 10.96.0.0/16,fd00:96::/112 --pod-cidr 10.244.0.0/16,fd00:244::/56',
  ],
  run: serve,
}

async function serve(line: CommandLine, io: CommandIo): Promise<number> {
  const listen = readListen(line)
  const workers = readInteger(line, 'workers', { min: 1, max: maxWorkers })
  const conf = readConf(line)
  const logger = loggerFor(io, conf)
  const defaultPort = readInteger(line, 'dns-port', { min: 1, max: 65_535 })
  const pidfile = stringOption(line, 'pidfile')
  if (pidfile !== undefined) writePid(pidfile)
  let toldAt = performance.now()
  const stop = io.stop()
  const { server, summary } = await Server.start({
    ...readSource(line, conf),
    ...(listen.length > 0 && { listen }),
    ...(defaultPort !== undefined && { defaultPort }),
    workers,
    defaultWorkers: defaultWorkers(),
    logger,
    version: manifest.version,
    stop,
    onProgress: (done, total) => {
      // Binding may have taken long; what counts here is reading.
      if (done === 0) toldAt = performance.now()
      if (performance.now() - toldAt < 1000) return
      toldAt = performance.now()
      logger.info(`reading manifests: ${done} of ${total} files`)
    },
  })
  io.onReload(() => void server.reload())
  if (!switchOption(line, 'quiet')) tell(server, summary, { io, logger, conf })
  await stopped(stop)
  logger.info('stopping')
  await server.shutDown()
  return 0
}

/** What is served and where, once: CoreDNS's lines with a Corefile, a table for people, one line of the log for programs. */
function tell(
  server: Server,
  summary: ServerSummary,
  {
    io,
    logger,
    conf,
  }: {
    readonly io: CommandIo
    readonly logger: Logger
    readonly conf: CorefileLocation | undefined
  },
): void {
  if (conf) {
    io.out(`${summary.corefileLines}${versionLines}`)
    logger.info('serving', summary.fields)
  } else if (io.isTerminal) {
    io.out(
      `${summary.text}\nTry: dig ${digTarget(server.bindings[0]!)} kubernetes.default.svc.${summary.zone}\n\n`,
    )
  } else {
    logger.info('serving', summary.fields)
  }
}

function writePid(path: string): void {
  try {
    writeFileSync(path, `${process.pid}\n`)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UsageError(
      `--pidfile: expected a file that can be written, got "${path}" (${code})`,
      { cause: error },
    )
  }
}

function digTarget({ address, port }: { readonly address: string; readonly port: number }): string {
  return `@${address} -p ${port}`
}

/** Without flags the cluster is what the Corefile says, or the one whose pod this is. */
function readSource(
  line: CommandLine,
  conf: CorefileLocation | undefined,
): Pick<ServerOptions, 'source' | 'corefile'> {
  const corefile = conf ?? { path: 'built-in Corefile', text: builtInCorefile(readZoneFlags(line)) }
  return { source: readSourceFlags(line), corefile }
}

/** `undefined` without a Corefile. Throws UsageError for options that a Corefile says itself. */
function readConf(line: CommandLine): CorefileLocation | undefined {
  const path = stringOption(line, 'conf')
  if (path === undefined) return undefined
  for (const name of ['zone', 'pods', 'ttl']) {
    if (stringOption(line, name) !== undefined) {
      throw new UsageError(`--${name}: expected in the Corefile, where \`kubernetes\` has it`)
    }
  }
  // As with CoreDNS: what is piped in, and no file of that name.
  return path === 'stdin' ? { path, text: readFileSync(0, 'utf8') } : { path }
}

/** With a Corefile the log is CoreDNS's, which is what people who have one look for. */
function loggerFor(io: CommandIo, conf: CorefileLocation | undefined): Logger {
  if (conf) return createCorefileLogger(io.out)
  return io.isTerminal ? createTerminalLogger(io.out) : createJsonLogger(io.out)
}

function readListen(line: CommandLine): HostPort[] {
  const given = stringsOption(line, 'listen')
  const byDefault = stringOption(line, 'conf') === undefined ? [defaultListen] : []
  return (given.length > 0 ? given : byDefault).map(text => {
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
