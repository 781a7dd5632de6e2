import type { EndpointSlice } from '../objects/endpoint-slice.ts'
import type { Namespace } from '../objects/namespace.ts'
import type { Pod } from '../objects/pod.ts'
import type { Service } from '../objects/service.ts'

/**
 * A Service joined with the slices that carry its name, whichever came first: a view may have slices
 * and no service. Never changed once made; a part that did not change is the same object in the next view.
 */
export interface ServiceView {
  readonly namespace: string
  readonly name: string
  readonly service: Service | undefined
  /** Sorted by name. */
  readonly slices: readonly EndpointSlice[]
}

/** The cluster as it is now. */
export interface Cluster {
  namespace(name: string): Namespace | undefined
  namespaces(): Iterable<Namespace>
  service(namespace: string, name: string): ServiceView | undefined
  /** The views of one namespace, whether or not its Namespace object is known. */
  services(namespace: string): Iterable<ServiceView>
  pods(): Iterable<Pod>
}

export interface ServiceChange {
  readonly namespace: string
  readonly name: string
  readonly before: ServiceView | undefined
  readonly after: ServiceView | undefined
}

export interface ObjectChange<Kind> {
  readonly before: Kind | undefined
  readonly after: Kind | undefined
}

/**
 * What a batch of changes came to, each affected key once; what ended as it began is left out.
 * `cluster` is the state after it, valid until the store's next `apply`.
 */
export interface StoreDelta {
  readonly services: readonly ServiceChange[]
  readonly namespaces: readonly ObjectChange<Namespace>[]
  readonly pods: readonly ObjectChange<Pod>[]
  readonly cluster: Cluster
}
