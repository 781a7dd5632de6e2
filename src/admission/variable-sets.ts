import { LRUCache } from 'lru-cache'
import { chosenServices, type ServiceReference } from '../environment/chosen-services.ts'
import { linkedServices } from '../environment/linked-services.ts'
import { joinVariables } from '../environment/service-variables.ts'
import type { Service } from '../objects/service.ts'
import { type KubernetesVersion, takesLeadingDigits } from './kubernetes-version.ts'
import { servicesAnnotation } from './pod-choices.ts'

/**
 * The Services there are. May throw `NotNow` as long as that is not known. A Service that did not change is
 * the same object the next time.
 */
export interface ClusterServices {
  services(namespace: string): Iterable<{ readonly service: Service | undefined }>
}

/** One of a container's `env`. */
export interface EnvEntry {
  readonly name: string
  readonly value: string
}

/** What a pod's containers are to get. Shared between reviews: copy, never write. */
export interface VariableSet {
  readonly entries: readonly EnvEntry[]
  readonly services: number
  readonly warnings: readonly string[]
}

export interface VariableSetOptions {
  readonly cluster: ClusterServices
  /** Of the oldest API server there is; `undefined` while it is not known. */
  readonly serverVersion: KubernetesVersion | undefined
}

export interface WantedVariables {
  /** Of the pod. */
  readonly namespace: string
  readonly enableServiceLinks: boolean
  /** `undefined`: those that the kubelet takes. */
  readonly services: readonly ServiceReference[] | undefined
}

interface KnownSet {
  readonly candidates: readonly Service[]
  readonly withDigits: boolean
  readonly set: VariableSet
}

/** About 200 bytes each: the sets of 50 namespaces of 500 Services. */
const capacityEntries = 200_000
const masterNamespace = 'default'

/** The variables of namespaces. A namespace whose Services are the same ones as last time is not worked out anew. */
export class VariableSets {
  readonly #options: VariableSetOptions
  /** By namespace, for pods that want the links that a kubelet gives. */
  readonly #known = new LRUCache<string, KnownSet>({
    maxSize: capacityEntries,
    sizeCalculation: ({ set, candidates }) => set.entries.length + candidates.length + 1,
  })

  /** The version is read from `options` at each review: a server may be upgraded. */
  constructor(options: VariableSetOptions) {
    this.#options = options
  }

  setOf(wanted: WantedVariables): VariableSet {
    const { namespace, services: references } = wanted
    if (references) return this.#chosen(namespace, references)
    const candidates = this.#candidates([namespace, masterNamespace])
    if (!wanted.enableServiceLinks) return this.#render(linkedServices(candidates, wanted))
    const known = this.#known.get(namespace)
    const withDigits = this.#withDigits()
    if (known?.withDigits === withDigits && areSame(known.candidates, candidates)) return known.set
    const set = this.#render(linkedServices(candidates, wanted))
    this.#known.set(namespace, { candidates, withDigits, set })
    return set
  }

  #chosen(namespace: string, references: readonly ServiceReference[]): VariableSet {
    const namespaces = references.map(reference => reference.namespace)
    const candidates = this.#candidates([...namespaces, masterNamespace])
    const { services, missing, withoutAddress } = chosenServices(candidates, {
      namespace,
      references,
    })
    const set = this.#render(services)
    return {
      ...set,
      warnings: [
        ...missing.map(reference => lacks(reference, 'is not there')),
        ...withoutAddress.map(reference => lacks(reference, 'has no cluster IP, so no variables')),
        ...set.warnings,
      ],
    }
  }

  #candidates(namespaces: readonly string[]): Service[] {
    const candidates: Service[] = []
    for (const namespace of new Set(namespaces)) {
      for (const { service } of this.#options.cluster.services(namespace)) {
        if (service) candidates.push(service)
      }
    }
    return candidates
  }

  #render(services: readonly Service[]): VariableSet {
    const { variables, warnings } = joinVariables(services)
    const withDigits = this.#withDigits()
    const isTaken = (name: string): boolean => withDigits || !/^\d/.test(name)
    const refused = withDigits ? [] : services.filter(({ name }) => !isTaken(name))
    return {
      entries: variables
        .filter(({ name }) => isTaken(name))
        .map(({ name, value }) => ({ name, value })),
      services: services.length - refused.length,
      warnings: [
        ...warnings.map(({ message }) => message),
        ...refused.map(
          ({ name }) => `service "${name}": not injected: a leading digit takes Kubernetes 1.32`,
        ),
      ],
    }
  }

  /** A pod with a name that its server refuses could not be created, so what is not known is taken to be old. */
  #withDigits(): boolean {
    const { serverVersion } = this.#options
    return serverVersion !== undefined && takesLeadingDigits(serverVersion)
  }
}

function areSame(a: readonly Service[], b: readonly Service[]): boolean {
  return a.length === b.length && a.every((service, index) => service === b[index])
}

function lacks({ namespace, name }: ServiceReference, what: string): string {
  return `annotation ${servicesAnnotation}: service "${namespace}/${name}" ${what}`
}
