import { objectKey } from '../objects/change.ts'
import type { Service } from '../objects/service.ts'
import { hasVariables, isMaster } from './linked-services.ts'

export interface ServiceReference {
  readonly namespace: string
  readonly name: string
}

export interface ServiceChoice {
  /** Of the pod. */
  readonly namespace: string
  readonly references: readonly ServiceReference[]
}

export interface ChosenServices {
  /** By name; of one name the pod's own namespace first. */
  readonly services: readonly Service[]
  /** No such Service. */
  readonly missing: readonly ServiceReference[]
  /** Headless, ExternalName or without an address yet: there are no variables of it. */
  readonly withoutAddress: readonly ServiceReference[]
}

/**
 * The Services that a pod chose, of whichever namespaces, and `kubernetes`, which every pod has. A kubelet
 * knows no such choice.
 */
export function chosenServices(
  services: Iterable<Service>,
  { namespace, references }: ServiceChoice,
): ChosenServices {
  const wanted = new Map(references.map(reference => [objectKey(reference), reference]))
  const found = new Map<string, Service>()
  const withoutAddress: ServiceReference[] = []
  for (const service of services) {
    const key = objectKey(service)
    const reference = wanted.get(key)
    if (!reference && !isMaster(service)) continue
    wanted.delete(key)
    if (hasVariables(service)) found.set(key, service)
    else if (reference) withoutAddress.push(reference)
  }
  const chosen = [...found.values()]
  const own = new Set(chosen.filter(each => each.namespace === namespace).map(({ name }) => name))
  return {
    // As in a kubelet, a `kubernetes` of the pod's own namespace takes the place of the cluster's.
    services: chosen
      .filter(each => !isMaster(each) || each.namespace === namespace || !own.has(each.name))
      .sort((a, b) => compareFrom(namespace, a, b)),
    missing: [...wanted.values()],
    withoutAddress,
  }
}

function compareFrom(namespace: string, a: Service, b: Service): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1
  const ranks = [a, b].map(each => (each.namespace === namespace ? 0 : isMaster(each) ? 1 : 2))
  return ranks[0]! - ranks[1]! || (a.namespace < b.namespace ? -1 : 1)
}
