import { headlessClusterIp, type Service } from '../objects/service.ts'

export interface PodLinks {
  /** Of the pod. */
  readonly namespace: string
  /** `spec.enableServiceLinks` of the pod; the API server's default is true. */
  readonly enableServiceLinks: boolean
}

/** The one Service that every pod hears of. */
const masterNamespace = 'default'
const masterName = 'kubernetes'

/**
 * The Services whose variables a kubelet (1.36) gives to a pod, by name: those of the pod's namespace,
 * unless it wants no links, and `kubernetes`, which one of that name in the pod's namespace overrides.
 * Their type, endpoints and deletion do not count.
 */
export function linkedServices(
  services: Iterable<Service>,
  { namespace, enableServiceLinks }: PodLinks,
): Service[] {
  const byName = new Map<string, Service>()
  for (const service of services) {
    if (!hasVariables(service)) continue
    const isOwn = enableServiceLinks && service.namespace === namespace
    if (isOwn || (isMaster(service) && !byName.has(service.name))) byName.set(service.name, service)
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The API server lets no Service have a cluster IP but no port; a manifest may. */
export function hasVariables({ clusterIP, ports }: Service): boolean {
  return clusterIP !== '' && clusterIP !== headlessClusterIp && ports.length > 0
}

export function isMaster({ namespace, name }: Pick<Service, 'namespace' | 'name'>): boolean {
  return namespace === masterNamespace && name === masterName
}
