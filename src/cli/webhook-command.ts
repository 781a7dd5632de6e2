import { readFileSync } from 'node:fs'
import { readCertificateFiles } from '../app/admission-certificate-files.ts'
import { createJsonLogger, createTerminalLogger } from '../app/console-logger.ts'
import { parseHostPort } from '../lib/host-port.ts'
import { type Command, type CommandLine, stringOption } from './command.ts'
import type { CommandIo } from './io.ts'
import { readInteger, readServiceCidrs, readSourceFlags, sourceFlags } from './source-flags.ts'
import { UsageError } from './usage-error.ts'

const defaultListen = ':8443'
const defaultHealth = ':8080'
const defaultMetrics = ':9153'
/** Until every node knows that this replica is not ready any more. */
const defaultDrainSeconds = 12

export const webhookCommand: Command = {
  name: 'webhook',
  positionals: 'serve',
  minPositionals: 1,
  maxPositionals: 1,
  summary: 'Answer admission reviews of a cluster: addresses of Services, variables of Pods',
  options: {
    kubeconfig: sourceFlags['kubeconfig']!,
    context: sourceFlags['context']!,
    listen: { value: 'ADDR:PORT', help: `where to answer the API server (${defaultListen})` },
    cert: { value: 'FILE', help: 'the certificate to answer with, in PEM' },
    key: { value: 'FILE', help: 'its key, in PEM' },
    config: { value: 'FILE', help: 'policies: which Services get which addresses' },
    'service-cidr': {
      value: 'CIDR,…',
      help: 'addresses of Services where the cluster does not tell (before Kubernetes 1.33)',
    },
    health: { value: 'ADDR:PORT', help: `where to serve /healthz and /readyz (${defaultHealth})` },
    metrics: { value: 'ADDR:PORT', help: `where to serve /metrics (${defaultMetrics})` },
    drain: {
      value: 'SECONDS',
      help: `how long to go on after SIGTERM, while API servers still come (${defaultDrainSeconds})`,
    },
  },
  examples: [
    'signpost webhook serve --cert tls.crt --key tls.key',
    'signpost webhook serve --kubeconfig ~/.kube/config --listen 127.0.0.1:8443 --cert tls.crt --key tls.key',
  ],
  run: async (line, io) => {
    const [action] = line.positionals
    if (action !== 'serve') throw new UsageError(`webhook takes serve, got "${action}"`)
    return await serveWebhooks(line, io)
  },
}

async function serveWebhooks(line: CommandLine, io: CommandIo): Promise<number> {
  const source = readSourceFlags({ ...line, values: sourceValues(line) })
  if (source && 'manifests' in source) throw new TypeError('a folder asks for no reviews')
  const options = {
    source,
    listen: readAddress(line, 'listen', defaultListen),
    health: readAddress(line, 'health', defaultHealth),
    metrics: readAddress(line, 'metrics', defaultMetrics),
    serviceCidrs: readServiceCidrs(line) ?? [],
    policies: readPolicies(line),
    drainMs: 1000 * (readInteger(line, 'drain', { min: 0, max: 600 }) ?? defaultDrainSeconds),
    logger: io.isTerminal ? createTerminalLogger(io.out) : createJsonLogger(io.out),
  }
  const files = { cert: readRequired(line, 'cert'), key: readRequired(line, 'key') }
  const stop = io.stop()
  // The DNS server and the other commands need none of it.
  const { Admission } = await import('../app/admission.ts')
  const certificate = readCertificateFiles(files.cert, files.key)
  const admission = await Admission.start({ ...options, certificate })
  await stopped(stop)
  options.logger.info('stopping')
  await admission.shutDown()
  return 0
}

/** `--service-cidr` says something else here than with a folder of manifests. */
function sourceValues({ values }: CommandLine): CommandLine['values'] {
  return { kubeconfig: values['kubeconfig'], context: values['context'] }
}

function readAddress(
  line: CommandLine,
  name: string,
  byDefault: string,
): { readonly host: string; readonly port: number } {
  const text = stringOption(line, name) ?? byDefault
  const parsed = parseHostPort(text, Number(byDefault.slice(1)))
  if (parsed) return { host: parsed.address === '*' ? '' : parsed.address, port: parsed.port }
  throw new UsageError(
    `--${name}: expected ADDR:PORT such as 127.0.0.1${byDefault} or ${byDefault}, got "${text}"`,
  )
}

function readRequired(line: CommandLine, name: string): string {
  const value = stringOption(line, name)
  if (value !== undefined) return value
  throw new UsageError(`webhook serve: expected --${name} FILE`)
}

function readPolicies(line: CommandLine): string | undefined {
  const path = stringOption(line, 'config')
  if (path === undefined) return undefined
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UsageError(`--config: expected a file that can be read, got "${path}" (${code})`, {
      cause: error,
    })
  }
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
