import { rawArray, rawObject, type RawObject, rawString } from '../objects/raw-value.ts'
import type { PodContainer } from './pod-containers.ts'
import type { PatchOperation } from './review.ts'
import { prependShared } from './shared-list.ts'
import type { EnvEntry } from './variable-sets.ts'

/** Linux: arguments and environment of a program may take 2 MiB at the usual stack limit, 128 KiB each. */
const warnBytes = 512 * 1024
/** As JSON in all containers: etcd takes 1.5 MiB for an object. */
const limitBytes = 1024 * 1024

/** What is done to the containers of a pod. */
export interface PodEdit {
  readonly patch: readonly PatchOperation[]
  readonly warnings: readonly string[]
  /** Over all containers. */
  readonly variables: number
  /** Containers whose variables are the kubelet's matter, by name. */
  readonly leftToKubelet: readonly string[]
  /** False where the pod would become too large and nothing is done. */
  readonly withinBudget: boolean
}

/**
 * Puts the variables in front of each container's `env`, so that the user's own entries may refer to them. A name that is
 * there is the user's. A container with `envFrom` is left to the kubelet: what stands in its ConfigMaps would win over the
 * kubelet's variables but not over `env`.
 */
export function prependVariables(
  containers: readonly PodContainer[],
  entries: readonly EnvEntry[],
  pod: RawObject,
): PodEdit {
  const edits: ContainerEdit[] = []
  const leftToKubelet: string[] = []
  for (const container of containers) {
    if (rawArray(container.api['envFrom']).length > 0) leftToKubelet.push(container.name)
    else edits.push(editOf(container, entries))
  }
  const changes = edits.filter(({ added }) => added.length > 0)
  const variables = changes.reduce((sum, { added }) => sum + added.length, 0)
  const addedBytes = changes.reduce((sum, { added }) => sum + sizeOf(added).jsonBytes, 0)
  if (addedBytes > 0 && addedBytes + environmentBytes(pod) > limitBytes) {
    const message = `${variables} variables of services take the pod above 1 MiB of env: left to the kubelet`
    const all = containers.map(({ name }) => name)
    return { patch: [], warnings: [message], variables: 0, leftToKubelet: all, withinBudget: false }
  }
  return {
    patch: changes.map(({ container, env }) => ({
      op: 'add',
      path: `${container.path}/env`,
      value: env,
    })),
    warnings: changes.flatMap(sizeWarning),
    variables,
    leftToKubelet,
    withinBudget: true,
  }
}

interface ContainerEdit {
  readonly container: PodContainer
  readonly added: readonly EnvEntry[]
  /** All of it. */
  readonly env: readonly unknown[]
}

function editOf(container: PodContainer, entries: readonly EnvEntry[]): ContainerEdit {
  const own = rawArray(container.api['env'])
  const names = new Set(own.map(entry => rawString(rawObject(entry)['name'])))
  const isClear = names.size === 0 || !entries.some(({ name }) => names.has(name))
  const added = isClear ? entries : entries.filter(({ name }) => !names.has(name))
  return { container, added, env: prependShared(added, own) }
}

function sizeWarning({ container, added, env }: ContainerEdit): string[] {
  const own = env.slice(added.length).map(rawObject)
  const bytes = own.reduce((sum, entry) => sum + processBytes(entry), sizeOf(added).processBytes)
  if (bytes <= warnBytes) return []
  const kib = Math.round(bytes / 1024)
  return [
    `container "${container.name}": ${env.length} variables, ${kib} KiB: programs may not start`,
  ]
}

interface ListSize {
  readonly processBytes: number
  readonly jsonBytes: number
}

/** The lists of namespaces are the same ones in every review. */
const sizes = new WeakMap<readonly EnvEntry[], ListSize>()

function sizeOf(entries: readonly EnvEntry[]): ListSize {
  const known = sizes.get(entries)
  if (known) return known
  const size = {
    processBytes: entries.reduce(
      (sum, { name, value }) => sum + name.length + value.length + 10,
      0,
    ),
    jsonBytes: jsonBytes(entries),
  }
  sizes.set(entries, size)
  return size
}

/** `NAME=value`, the zero behind it and the pointer to it. */
function processBytes({ name, value }: RawObject): number {
  return rawString(name).length + rawString(value).length + 10
}

function jsonBytes(entries: readonly EnvEntry[]): number {
  const frame = '{"name":"","value":""},'.length
  return entries.reduce((sum, { name, value }) => sum + name.length + value.length + frame, 0)
}

/** What all containers of a pod have before. */
function environmentBytes(pod: RawObject): number {
  const spec = rawObject(pod['spec'])
  return ['initContainers', 'containers', 'ephemeralContainers']
    .flatMap(field => rawArray(spec[field]))
    .map(container => rawObject(container)['env'])
    .reduce<number>((sum, env) => sum + Buffer.byteLength(JSON.stringify(env ?? '')), 0)
}
