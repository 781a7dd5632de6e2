import { statSync } from 'node:fs'
import type { ClusterOptions, FolderOptions, SourceOptions } from '../app/cluster-options.ts'
import { type Cidr, cidrsOverlap, formatCidr, parseCidr } from '../lib/cidr.ts'
import { type Command, type CommandLine, stringOption, switchOption } from './command.ts'
import { UsageError } from './usage-error.ts'

const maxTtlSeconds = 3600

/**
 * Prefix lengths of service ranges: from the API server's bounds (1.36: no bound for IPv4, a /64 for IPv6) to those that still have
 * an address to give out.
 */
const servicePrefixes = { IPv4: [0, 30], IPv6: [64, 127] } as const

/** Options of every command that looks at a cluster. */
export const sourceFlags: Command['options'] = {
  manifests: { value: 'DIR', help: 'folder of Kubernetes YAML or JSON that is the cluster' },
  kubeconfig: { value: 'FILE', help: 'the cluster that this file tells of, as kubectl has it' },
  context: { value: 'NAME', help: 'context of the kubeconfig (its current one)' },
  'service-cidr': {
    value: 'CIDR[,CIDR]',
    help: 'addresses of Services, one range per family (10.96.0.0/16)',
  },
  'pod-cidr': {
    value: 'CIDR[,CIDR]',
    help: 'addresses of pods, one range per family (10.244.0.0/16)',
  },
  'no-workloads': { help: 'Deployments, StatefulSets and the like do not become pods' },
  state: { value: 'DIR', help: 'folder that keeps allocated addresses across restarts' },
  zone: { value: 'NAME', help: 'the cluster domain (cluster.local)' },
  pods: {
    value: 'MODE',
    help: 'pod names: disabled, insecure (any address) or verified (pods there are) (insecure)',
  },
  ttl: { value: 'SECONDS', help: 'TTL of every record, 0 to 3600 (5)' },
}

/** Flags that say how a folder of manifests becomes a cluster, which an API server does itself. */
const folderFlags = ['service-cidr', 'pod-cidr', 'no-workloads', 'state'] as const

/** Throws UsageError for what does not read. */
export function readClusterFlags(line: CommandLine): ClusterOptions {
  return { source: readSourceFlags(line), ...readZoneFlags(line) }
}

/** `undefined` where neither a folder nor a kubeconfig is named: the cluster is then that of this pod, or the Corefile's. Throws UsageError for what does not read. */
export function readSourceFlags(line: CommandLine): SourceOptions | undefined {
  const manifests = stringOption(line, 'manifests')
  const kubeconfig = stringOption(line, 'kubeconfig')
  const context = stringOption(line, 'context')
  if (manifests !== undefined && kubeconfig !== undefined) {
    throw new UsageError('expected --manifests or --kubeconfig, got both')
  }
  if (context !== undefined && kubeconfig === undefined) {
    throw new UsageError('--context: expected --kubeconfig FILE beside it')
  }
  if (manifests !== undefined) return readFolderFlags(line, manifests)
  for (const name of folderFlags) {
    if (line.values[name] === undefined) continue
    throw new UsageError(`--${name}: expected --manifests DIR beside it`)
  }
  if (kubeconfig === undefined) return undefined
  if (stateOf(kubeconfig) !== 'a file') {
    throw new UsageError(
      `--kubeconfig: expected a file, got "${kubeconfig}", which is ${stateOf(kubeconfig)}`,
    )
  }
  return { kubeconfig, ...(context !== undefined && { context }) }
}

function readFolderFlags(line: CommandLine, manifests: string): FolderOptions {
  if (stateOf(manifests) !== 'folder') {
    throw new UsageError(
      `--manifests: expected a folder, got "${manifests}", which is ${stateOf(manifests)}`,
    )
  }
  const state = stringOption(line, 'state')
  // A folder that is not there yet is made, or stands for nothing stored.
  if (state !== undefined && stateOf(state) === 'a file') {
    throw new UsageError(`--state: expected a folder, got "${state}", which is a file`)
  }
  const serviceCidrs = readServiceCidrs(line) ?? [parseCidr('10.96.0.0/16')!]
  const podCidrs = readCidrs(line, 'pod-cidr') ?? [parseCidr('10.244.0.0/16')!]
  for (const service of serviceCidrs) {
    const pod = podCidrs.find(candidate => cidrsOverlap(service, candidate))
    if (pod) {
      const [one, other] = [formatCidr(service), formatCidr(pod)]
      throw new UsageError(
        `--service-cidr ${one} and --pod-cidr ${other}: expected networks apart, got ones that overlap`,
      )
    }
  }
  return {
    manifests,
    serviceCidrs,
    podCidrs,
    workloads: switchOption(line, 'no-workloads') ? 'ignore' : 'run',
    ...(state !== undefined && { state }),
  }
}

/** What a Corefile says where there is one. Throws UsageError for what does not read. */
export function readZoneFlags(line: CommandLine): Omit<ClusterOptions, 'source'> {
  const zone = (stringOption(line, 'zone') ?? 'cluster.local').replace(/\.$/, '').toLowerCase()
  if (!/^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/.test(zone) || zone.length > 200) {
    throw new UsageError(`--zone: expected a domain name such as cluster.local, got "${zone}"`)
  }
  return {
    zone,
    pods: readPods(line),
    ttlSeconds: readInteger(line, 'ttl', { min: 0, max: maxTtlSeconds }) ?? 5,
  }
}

/** A whole number within bounds; `undefined` when the option is not given. Throws UsageError. */
export function readInteger(
  line: CommandLine,
  name: string,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  const text = stringOption(line, name)
  if (text === undefined) return undefined
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new UsageError(`--${name}: expected a number from ${min} to ${max}, got "${text}"`)
  }
  return value
}

function stateOf(path: string): 'folder' | 'a file' | 'not there' {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) return 'not there'
  return stats.isDirectory() ? 'folder' : 'a file'
}

function readPods(line: CommandLine): ClusterOptions['pods'] {
  const mode = stringOption(line, 'pods') ?? 'insecure'
  if (mode === 'disabled' || mode === 'insecure' || mode === 'verified') return mode
  throw new UsageError(`--pods: expected disabled, insecure or verified, got "${mode}"`)
}

function checkServiceCidr(cidr: Cidr): void {
  const [shortest, longest] = servicePrefixes[cidr.family]
  if (cidr.prefixLength >= shortest && cidr.prefixLength <= longest) return
  throw new UsageError(
    `--service-cidr: expected an ${cidr.family} network from /${shortest} to /${longest}, got "${formatCidr(cidr)}"`,
  )
}

/** The networks of `--service-cidr`, one per family; `undefined` without it. Throws UsageError. */
export function readServiceCidrs(line: CommandLine): Cidr[] | undefined {
  const cidrs = readCidrs(line, 'service-cidr')
  cidrs?.forEach(checkServiceCidr)
  return cidrs
}

function readCidrs(line: CommandLine, name: string): Cidr[] | undefined {
  const given = stringOption(line, name)
  const cidrs = given?.split(',').map(text => {
    const cidr = parseCidr(text.trim())
    if (cidr) return cidr
    throw new UsageError(
      `--${name}: expected a network such as 10.96.0.0/16 or fd00:96::/112, host bits zero, got "${text}"`,
    )
  })
  if (cidrs && new Set(cidrs.map(({ family }) => family)).size < cidrs.length) {
    throw new UsageError(`--${name}: expected one network per family, got two of one`)
  }
  return cidrs
}
