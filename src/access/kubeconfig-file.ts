import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node/dist/config.js'
import type { Cluster, Context, User } from '@kubernetes/client-node/dist/config_types.js'
import { load } from 'js-yaml'
import { AccessError, onOneLine } from './access-error.ts'
import type { KubeconfigOptions } from './access-options.ts'
import type { AccessTarget } from './access-target.ts'
import { prepareExec } from './exec-plugin.ts'
import { prepareOidc } from './oidc-provider.ts'

/** A kubeconfig as the library reads it, and what it leaves out. */
interface KubeconfigFile {
  readonly path: string
  readonly config: KubeConfig
  /** `tokenFile` by user; the library looks for another name. */
  readonly tokenFiles: ReadonlyMap<string, string>
}

/** Throws AccessError where a file is missing, is no kubeconfig, or does not have the context. */
export function readKubeconfig({ files, context }: KubeconfigOptions): AccessTarget {
  const read = files.map(readFile)
  const found = read.find(file => file.config.currentContext)?.config.currentContext
  const name = context ?? found
  const where = `kubeconfig "${files.join(':')}"`
  if (!name) throw unknown(`${where} has no current-context: expected one of ${contextsOf(read)}`)
  const chosen = firstNamed(read, name, file => file.config.contexts)
  if (!chosen) throw unknown(`${where} has no context "${name}": expected ${contextsOf(read)}`)
  const of = `context "${name}" of ${where}`
  const cluster = firstNamed(read, chosen.one.cluster, file => file.config.clusters)
  if (!cluster) throw unknown(`${of}: expected a cluster "${chosen.one.cluster}" with a server`)
  if (!chosen.one.user) return { cluster: clusterOf(cluster.one), user: { name: 'anonymous' } }
  const user = firstNamed(read, chosen.one.user, file => file.config.users)
  if (!user) throw unknown(`${of}: expected a user "${chosen.one.user}"`)
  return {
    cluster: clusterOf(cluster.one),
    user: userOf(user.one, cluster.one, user.file),
    tokenFile: user.file.tokenFiles.get(user.one.name),
  }
}

function unknown(message: string): AccessError {
  return new AccessError('unknown-context', `Cannot choose a cluster: ${message}`)
}

function contextsOf(files: readonly KubeconfigFile[]): string {
  const names = files.flatMap(file => file.config.contexts.map((one: Context) => `"${one.name}"`))
  return names.length > 0 ? [...new Set(names)].join(', ') : 'contexts, of which there are none'
}

function firstNamed<One extends { readonly name: string }>(
  files: readonly KubeconfigFile[],
  name: string,
  list: (file: KubeconfigFile) => readonly One[],
): { readonly one: One; readonly file: KubeconfigFile } | undefined {
  for (const file of files) {
    const one = list(file).find(candidate => candidate.name === name)
    if (one) return { one, file }
  }
  return undefined
}

function readFile(path: string): KubeconfigFile {
  const text = readText(path)
  const content = parseContent(text, path)
  const directory = dirname(resolve(path))
  const config = new KubeConfig()
  // An entry that nobody uses may be incomplete; one that is used is then missing, and said to be.
  config.loadFromString(text, { onInvalidEntry: 'filter' })
  config.makePathsAbsolute(directory)
  return { path: resolve(path), config, tokenFiles: tokenFilesOf(content['users'], directory) }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new AccessError(
      'unreadable',
      `Cannot read kubeconfig "${path}": ${onOneLine(error)}`,
      error,
    )
  }
}

function parseContent(text: string, path: string): Readonly<Record<string, unknown>> {
  let content: unknown
  try {
    content = load(text)
  } catch (error) {
    throw new AccessError(
      'not-a-kubeconfig',
      `Cannot read kubeconfig "${path}": expected YAML: ${onOneLine(error)}`,
      error,
    )
  }
  if (isMap(content) && ['clusters', 'contexts', 'users'].some(key => key in content)) {
    return content
  }
  throw new AccessError(
    'not-a-kubeconfig',
    `Cannot read kubeconfig "${path}": expected clusters, users and contexts`,
  )
}

function tokenFilesOf(users: unknown, directory: string): Map<string, string> {
  const files = new Map<string, string>()
  for (const entry of Array.isArray(users) ? (users as unknown[]) : []) {
    if (!isMap(entry) || !isMap(entry['user'])) continue
    const { name, user } = entry
    const path = (user as Record<string, unknown>)['tokenFile']
    if (typeof name === 'string' && typeof path === 'string' && path !== '') {
      files.set(name, resolve(directory, path))
    }
  }
  return files
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Data goes before files, as with kubectl. The library does it the other way round. */
function clusterOf({ caFile, ...cluster }: Cluster): Cluster {
  return cluster.caData || !caFile ? cluster : { ...cluster, caFile }
}

function userOf(
  { certFile, keyFile, exec, authProvider, ...user }: User,
  cluster: Cluster,
  file: KubeconfigFile,
): User {
  return {
    ...user,
    ...(!user.certData && certFile && { certFile }),
    ...(!user.keyData && keyFile && { keyFile }),
    ...(isMap(authProvider) && { authProvider: prepareOidc(authProvider) }),
    ...(isMap(exec) && { exec: prepareExec(exec, cluster, dirname(file.path)) }),
  }
}
