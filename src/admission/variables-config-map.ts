import { linkedServices } from '../environment/linked-services.ts'
import { joinVariables } from '../environment/service-variables.ts'
import type { Service } from '../objects/service.ts'

/** One in each namespace where a pod asked for it. */
export const variablesConfigMapName = 'signpost-service-variables'

/** The API server's limit for a ConfigMap; it counts the values only, etcd the names too. */
const capacityBytes = 1024 * 1024

interface ConfigMapData {
  readonly data: Readonly<Record<string, string>>
  /** `namespace/name` of the Services that there is no room for. */
  readonly leftOut: readonly string[]
  readonly warnings: readonly string[]
}

/**
 * The variables of a namespace's pods as the `data` of a ConfigMap, names sorted. Where not all have room, `kubernetes` and the
 * Services that sort first are in it, each whole.
 */
export function variablesConfigMapData(
  services: Iterable<Service>,
  namespace: string,
): ConfigMapData {
  const linked = linkedServices(services, { namespace, enableServiceLinks: true })
  const { variables, warnings } = joinVariables(linked)
  const bytesByService = new Map<string, number>()
  for (const { service, name, value } of variables) {
    const bytes = bytesByService.get(service) ?? 0
    bytesByService.set(service, bytes + name.length + value.length)
  }
  const keys = [...bytesByService.keys()]
  const master = keys.find(key => key.endsWith('/kubernetes'))
  const fitting = new Set(master === undefined ? [] : [master])
  let freeBytes = capacityBytes - (master === undefined ? 0 : bytesByService.get(master)!)
  for (const key of keys) {
    if (key === master) continue
    freeBytes -= bytesByService.get(key)!
    if (freeBytes < 0) break
    fitting.add(key)
  }
  const taken = variables.filter(({ service }) => fitting.has(service))
  const pairs = taken.map(({ name, value }) => [name, value] as const)
  pairs.sort(([a], [b]) => (a < b ? -1 : 1))
  const leftOut = keys.filter(key => !fitting.has(key))
  return {
    data: Object.fromEntries(pairs),
    leftOut,
    warnings: [
      ...warnings.map(({ message }) => message),
      ...(leftOut.length === 0 ? [] : [noRoom(namespace, leftOut)]),
    ],
  }
}

function noRoom(namespace: string, [first, ...more]: readonly string[]): string {
  const name = `ConfigMap "${namespace}/${variablesConfigMapName}"`
  return `${name}: no room for "${first}" and ${more.length} more services: left to the kubelet`
}
