import { readFile } from 'node:fs/promises'
import { loadCluster } from '../app/load-cluster.ts'
import { type Command, type CommandLine, stringOption } from './command.ts'
import type { CommandIo } from './io.ts'
import { readClusterFlags, sourceFlags } from './source-flags.ts'
import { UsageError } from './usage-error.ts'

/** The API server that the manifests would meet, where nothing is said: the newest whose rules are known here. */
const newestServer = '1.36'

export const injectCommand: Command = {
  name: 'inject',
  positionals: '',
  minPositionals: 0,
  maxPositionals: 0,
  summary: 'Print Pods and workloads with the service variables that the webhook would write',
  options: {
    file: { value: 'FILE', short: 'f', help: 'YAML or JSON with Pods or workloads; - is stdin' },
    namespace: {
      value: 'NAMESPACE',
      short: 'n',
      help: 'namespace of objects that do not say theirs (default)',
    },
    'server-version': {
      value: 'VERSION',
      help: `of the API server, for what it refuses (${newestServer})`,
    },
    ...sourceFlags,
  },
  examples: [
    'signpost inject -f pod.yaml --manifests examples',
    'kubectl get deployment web -o yaml | signpost inject -f - --kubeconfig ~/.kube/config',
  ],
  run: async (line, io) => {
    // Loaded here, so that nothing of admission is in a server's memory.
    const { injectManifests, serverVersionOf } = await import('../app/inject-manifests.ts')
    const versionText = stringOption(line, 'server-version') ?? newestServer
    const serverVersion = serverVersionOf(versionText)
    if (!serverVersion) {
      throw new UsageError(
        `--server-version: expected a version such as ${newestServer}, got "${versionText}"`,
      )
    }
    const options = readClusterFlags(line)
    const manifests = await readManifests(line, io)
    const cluster = await loadCluster(options)
    for (const problem of [...cluster.errors, ...cluster.warnings]) io.err(`${problem}\n`)
    const namespace = stringOption(line, 'namespace') ?? 'default'
    const injected = await injectManifests(manifests, { cluster, namespace, serverVersion })
    for (const warning of injected.warnings) io.err(`${warning}\n`)
    io.out(injected.yaml)
    return cluster.errors.length > 0 ? 1 : 0
  },
}

async function readManifests(
  line: CommandLine,
  io: CommandIo,
): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const file = stringOption(line, 'file')
  if (file === undefined) {
    throw new UsageError('--file: expected a file of Pods or workloads, got none; - is stdin')
  }
  if (file === '-') return { name: 'stdin', bytes: await io.readInput() }
  try {
    return { name: file, bytes: await readFile(file) }
  } catch (error) {
    // The system's own words name the file again.
    const { code = '' } = error as NodeJS.ErrnoException
    throw new UsageError(`--file: expected a file that can be read, got "${file}" (${code})`, {
      cause: error,
    })
  }
}
