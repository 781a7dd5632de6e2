import { readFileSync } from 'node:fs'
import type { CertificateOptions } from '../app/admission-certificates.ts'
import type { AdmissionPod } from '../app/admission-replicas.ts'
import type { ApiOptions } from '../app/cluster-options.ts'
import { createJsonLogger, createTerminalLogger } from '../app/console-logger.ts'
import { parseHostPort, renderHostPort } from '../lib/host-port.ts'
import { familyOf, parseIp } from '../lib/ip.ts'
import { type Command, type CommandLine, stringOption, switchOption } from './command.ts'
import type { CommandIo } from './io.ts'
import { renderAddresses } from './address-report.ts'
import { readInteger, readServiceCidrs, readSourceFlags, sourceFlags } from './source-flags.ts'
import { stopped } from './stopped.ts'
import { UsageError } from './usage-error.ts'

const defaultListen = ':8443'
const defaultHealth = ':8080'
const defaultMetrics = ':9153'
const defaultService = 'signpost-admission'
/** Until every node knows that this replica is not ready any more. */
const defaultDrainSeconds = 12

export const webhookCommand: Command = {
  name: 'webhook',
  positionals: 'serve|check',
  minPositionals: 1,
  maxPositionals: 1,
  summary: 'Answer admission reviews of a cluster, or check its cluster IPs',
  options: {
    kubeconfig: sourceFlags['kubeconfig']!,
    context: sourceFlags['context']!,
    listen: { value: 'ADDR:PORT', help: `where to answer the API server (${defaultListen})` },
    cert: {
      value: 'FILE',
      help: 'the certificate to answer with, in PEM; in a pod it is made and renewed, and caBundle with it',
    },
    key: { value: 'FILE', help: 'its key, in PEM' },
    'cert-secret': {
      value: 'NAME',
      help: 'Secret with the certificate, as cert-manager writes it',
    },
    service: {
      value: 'NAME',
      help: `Service of this pod and the other replicas (${defaultService})`,
    },
    json: { help: 'what check finds as JSON, with where each address comes from' },
    'config-maps': { help: 'keep ConfigMaps of service variables where Pods ask for them' },
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
    'signpost webhook check --kubeconfig ~/.kube/config',
    'signpost webhook serve --kubeconfig ~/.kube/config --listen 127.0.0.1:8443 --cert tls.crt --key tls.key',
  ],
  run: async (line, io) => {
    const [action] = line.positionals
    if (action === 'check') return await checkCluster(line, io)
    if (action === 'serve') return await serveWebhooks(line, io)
    throw new UsageError(`webhook takes serve or check, got "${action}"`)
  },
}

/** Exit code 1 where something is found. */
async function checkCluster(line: CommandLine, io: CommandIo): Promise<number> {
  const { checkAddresses } = await import('../app/check-addresses.ts')
  const report = await checkAddresses(readApi(line))
  if (switchOption(line, 'json')) io.out(`${JSON.stringify(report, undefined, 2)}\n`)
  else io.out(renderAddresses(report))
  return report.findings.length > 0 ? 1 : 0
}

async function serveWebhooks(line: CommandLine, io: CommandIo): Promise<number> {
  const options = {
    source: readApi(line),
    listen: readAddress(line, 'listen', defaultListen),
    health: readAddress(line, 'health', defaultHealth),
    metrics: readAddress(line, 'metrics', defaultMetrics),
    serviceCidrs: readServiceCidrs(line) ?? [],
    policies: readPolicies(line),
    configMaps: switchOption(line, 'config-maps') ? ('write' as const) : ('leave' as const),
    drainMs: 1000 * (readInteger(line, 'drain', { min: 0, max: 600 }) ?? defaultDrainSeconds),
    logger: io.isTerminal ? createTerminalLogger(io.out) : createJsonLogger(io.out),
  }
  const pod = readPod(line, options.listen.port)
  const certificates = readCertificates(line, pod)
  const stop = io.stop()
  // The DNS server and the other commands need none of it.
  const { Admission } = await import('../app/admission.ts')
  let admission
  try {
    admission = await Admission.start({ ...options, pod, certificates, stop })
  } catch (error) {
    // Stopped while it waited for a certificate: there is nothing to end.
    if (stop.aborted) return 0
    throw error
  }
  await stopped(stop)
  options.logger.info('stopping')
  await admission.shutDown()
  return 0
}

/** `--service-cidr` says something else here than with a folder of manifests. */
function readApi({ positionals, values }: CommandLine): ApiOptions | undefined {
  const { kubeconfig, context } = values
  const source = readSourceFlags({ positionals, values: { kubeconfig, context } })
  if (source && 'manifests' in source) throw new TypeError('a folder asks for no reviews')
  return source
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

/** Where this runs, as the Deployment of manifests/admission tells it; `undefined` outside of a cluster. */
function readPod(line: CommandLine, port: number): AdmissionPod | undefined {
  const { POD_NAMESPACE: namespace, POD_NAME: name, POD_IP: ip } = process.env
  if (!namespace || !name || !ip) return undefined
  const parsed = parseIp(ip)
  if (!parsed) throw new UsageError(`POD_IP: expected the address of the pod, got "${ip}"`)
  const address = renderHostPort({ address: ip, family: familyOf(parsed), port })
  return { namespace, name, address, service: stringOption(line, 'service') ?? defaultService }
}

function readCertificates(line: CommandLine, pod: AdmissionPod | undefined): CertificateOptions {
  const [cert, key, secret] = ['cert', 'key', 'cert-secret'].map(name => stringOption(line, name))
  if (cert !== undefined && key !== undefined) return { from: 'files', cert, key }
  if (cert !== undefined || key !== undefined) {
    throw new UsageError('webhook serve: expected --cert FILE and --key FILE together')
  }
  if (!pod) {
    throw new UsageError(
      'webhook serve: expected --cert FILE and --key FILE, or a pod (POD_NAMESPACE, POD_NAME and POD_IP are not all set)',
    )
  }
  if (secret !== undefined) return { from: 'secret', namespace: pod.namespace, name: secret }
  return { from: 'own', pod }
}

function readPolicies(
  line: CommandLine,
): { readonly path: string; readonly text: string } | undefined {
  const path = stringOption(line, 'config')
  if (path === undefined) return undefined
  try {
    return { path, text: readFileSync(path, 'utf8') }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UsageError(`--config: expected a file that can be read, got "${path}" (${code})`, {
      cause: error,
    })
  }
}
