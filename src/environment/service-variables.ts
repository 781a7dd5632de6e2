import { headlessClusterIp, type Service } from '../objects/service.ts'
import { type ServiceVariable, variablesOf } from './variables-of-service.ts'

interface ServiceVariablesOptions {
  /** Of the pod. */
  readonly namespace: string
  /** `spec.enableServiceLinks` of the pod; the API server's default is true. */
  readonly enableServiceLinks: boolean
}

/** Two Services claim one variable. In a kubelet either may win, anew at every container start. */
interface VariableCollision {
  readonly code: 'variable-collision'
  readonly variable: string
  /** `namespace/name` of the Service whose value is used, and of the one whose value is not. */
  readonly winner: string
  readonly loser: string
  readonly message: string
}

interface ServiceVariables {
  readonly variables: readonly ServiceVariable[]
  readonly warnings: readonly VariableCollision[]
}

/** The one Service that every pod hears of. */
const masterNamespace = 'default'
const masterName = 'kubernetes'

/**
 * The variables that a kubelet (1.36) gives to every container of a pod, but always in the same
 * order: by Service name, then as in the kubelet. Of two that collide the one of the Service that
 * sorts first wins. So `FOO_SERVICE_PORT` is the number that programs expect, because `foo` sorts
 * before `foo-service`, whose `tcp://` URL would have the same name.
 */
export function serviceVariables(
  services: Iterable<Service>,
  options: ServiceVariablesOptions,
): ServiceVariables {
  const byName = new Map<string, ServiceVariable>()
  const warnings: VariableCollision[] = []
  for (const service of linkedServices(services, options)) {
    for (const variable of variablesOf(service)) {
      const winner = byName.get(variable.name)
      if (!winner) byName.set(variable.name, variable)
      else if (winner.value !== variable.value) warnings.push(collision(variable, winner))
    }
  }
  return { variables: [...byName.values()], warnings }
}

/** Those of the pod's namespace, unless it wants no links, and `kubernetes`, sorted by name. */
function linkedServices(
  services: Iterable<Service>,
  { namespace, enableServiceLinks }: ServiceVariablesOptions,
): Service[] {
  const byName = new Map<string, Service>()
  for (const service of services) {
    if (!hasVariables(service)) continue
    const isOwn = enableServiceLinks && service.namespace === namespace
    const isMaster = service.namespace === masterNamespace && service.name === masterName
    if (isOwn || (isMaster && !byName.has(service.name))) byName.set(service.name, service)
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The API server lets no Service have a cluster IP but no port; a manifest may. */
function hasVariables({ clusterIP, ports }: Service): boolean {
  return clusterIP !== '' && clusterIP !== headlessClusterIp && ports.length > 0
}

function collision({ name, service }: ServiceVariable, winner: ServiceVariable): VariableCollision {
  return {
    code: 'variable-collision',
    variable: name,
    winner: winner.service,
    loser: service,
    message: `Cannot set "${name}" for service "${service}": held by "${winner.service}"`,
  }
}
