import {
  listEndpoints,
  listNames,
  listServices,
  listVariables,
  type Listing,
} from '../app/listings.ts'
import { unknownNamespace } from '../app/known-namespaces.ts'
import { loadCluster, type LoadedCluster } from '../app/load-cluster.ts'
import { type Command, type CommandLine, stringOption, switchOption } from './command.ts'
import type { CommandIo } from './io.ts'
import { readClusterFlags, sourceFlags } from './source-flags.ts'
import { renderTable } from './table.ts'

const listFlags: Command['options'] = {
  ...sourceFlags,
  json: { help: 'JSON instead of a table' },
}

const namespaceFlag: Command['options'] = {
  namespace: { value: 'NAMESPACE', short: 'n', help: 'only this namespace' },
}

function listCommand(
  command: Pick<Command, 'name' | 'summary' | 'examples'>,
  list: (cluster: LoadedCluster, namespace: string | undefined) => Listing,
): Command {
  return {
    ...command,
    positionals: '',
    minPositionals: 0,
    maxPositionals: 0,
    options: { ...listFlags, ...namespaceFlag },
    run: (line, io) =>
      printListing(line, io, cluster => {
        const namespace = stringOption(line, 'namespace')
        const { rows, json, ...listing } = list(cluster, namespace)
        const unknown = unknownNamespace(cluster, namespace)
        // As with kubectl: an empty list without a head, and no failure.
        return unknown === undefined
          ? { rows, json, ...listing }
          : { rows, json, warnings: [...listing.warnings, unknown] }
      }),
  }
}

export const servicesCommand = listCommand(
  {
    name: 'services',
    summary: 'List Services with their addresses and ports',
    examples: [
      'signpost services --manifests examples',
      'signpost services --manifests examples -n shop --json',
    ],
  },
  listServices,
)

export const endpointsCommand = listCommand(
  {
    name: 'endpoints',
    summary: 'List the endpoints of every Service',
    examples: [
      'signpost endpoints --manifests examples',
      'signpost endpoints --manifests examples -n shop',
    ],
  },
  listEndpoints,
)

export const namesCommand = listCommand(
  {
    name: 'names',
    summary: 'List every DNS name that the manifests will have, as zone-file lines',
    examples: [
      'signpost names --manifests examples',
      'signpost names --manifests examples | grep " SRV "',
    ],
  },
  listNames,
)

export const envCommand: Command = {
  name: 'env',
  positionals: '',
  minPositionals: 0,
  maxPositionals: 0,
  summary: 'Print the service variables that a pod would get, as NAME=value lines',
  options: {
    ...listFlags,
    namespace: { value: 'NAMESPACE', short: 'n', help: 'namespace of the pod (default)' },
    'no-service-links': { help: 'as with enableServiceLinks: false' },
  },
  examples: [
    'signpost env -n shop --manifests examples',
    'env $(signpost env --manifests examples) ./my-program',
  ],
  run: (line, io) =>
    printListing(line, io, cluster => {
      const unknown = unknownNamespace(cluster, stringOption(line, 'namespace'))
      if (unknown) throw new Error(unknown)
      return listVariables(cluster, {
        namespace: stringOption(line, 'namespace') ?? 'default',
        enableServiceLinks: !switchOption(line, 'no-service-links'),
      })
    }),
}

/** Exit code 1 when manifests were refused: what is printed is then not all of it. */
async function printListing(
  line: CommandLine,
  io: CommandIo,
  list: (cluster: LoadedCluster) => Listing,
): Promise<number> {
  const cluster = await loadCluster(readClusterFlags(line))
  for (const problem of [...cluster.errors, ...cluster.warnings]) io.err(`${problem}\n`)
  const listing = list(cluster)
  for (const warning of listing.warnings) io.err(`${warning}\n`)
  if (switchOption(line, 'json')) io.out(`${JSON.stringify(listing.json, undefined, 2)}\n`)
  else if (listing.columns) io.out(renderTable(listing.columns, listing.rows))
  else io.out(listing.rows.map(row => `${row.join(' ')}\n`).join(''))
  return cluster.errors.length > 0 ? 1 : 0
}
