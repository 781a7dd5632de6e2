import type { Service } from '../objects/service.ts'
import { linkedServices, type PodLinks } from './linked-services.ts'
import { type ServiceVariable, variablesOf } from './variables-of-service.ts'

/** Two Services claim one variable. In a kubelet either may win, anew at every container start. */
interface VariableCollision {
  readonly code: 'variable-collision'
  readonly variable: string
  /** `namespace/name` of the Service whose value is used, and of the one whose value is not. */
  readonly winner: string
  readonly loser: string
  readonly message: string
}

export interface ServiceVariables {
  readonly variables: readonly ServiceVariable[]
  readonly warnings: readonly VariableCollision[]
}

/** The variables that a kubelet (1.36) gives to every container of a pod, but always in the same order. */
export function serviceVariables(services: Iterable<Service>, links: PodLinks): ServiceVariables {
  return joinVariables(linkedServices(services, links))
}

/**
 * The variables of Services that are in order, Service by Service, each as in the kubelet. Of two that
 * collide the one of the Service that comes first wins. By name that gives `FOO_SERVICE_PORT` the number
 * that programs expect: whatever is `…_SERVICE_…` of one Service and `…_PORT…` of another, the first has the
 * shorter name (`foo`, `foo-service`).
 */
export function joinVariables(services: readonly Service[]): ServiceVariables {
  const byName = new Map<string, ServiceVariable>()
  const warnings: VariableCollision[] = []
  for (const service of services) {
    for (const variable of variablesOf(service)) {
      const winner = byName.get(variable.name)
      if (!winner) byName.set(variable.name, variable)
      else if (winner.value !== variable.value) warnings.push(collision(variable, winner))
    }
  }
  return { variables: [...byName.values()], warnings }
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
