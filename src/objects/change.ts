import type { EndpointSlice } from './endpoint-slice.ts'
import type { Namespace } from './namespace.ts'
import type { Pod } from './pod.ts'
import type { Service } from './service.ts'

/** The objects that a source tells the store about. */
export type ClusterObject = Namespace | Service | EndpointSlice | Pod

/** One step of the cluster from one state to the next. A namespace's own `namespace` is ''. */
export type Change =
  | { readonly type: 'upsert'; readonly object: ClusterObject }
  | {
      readonly type: 'delete'
      readonly kind: ClusterObject['kind']
      readonly namespace: string
      readonly name: string
    }

/**
 * `namespace/name`, unique within a kind. Neither part can hold a slash. Joined, because V8 would keep a text put together
 * with `+` as a tree of its parts, and each map has keys of its own.
 */
export function objectKey(object: { readonly namespace: string; readonly name: string }): string {
  return [object.namespace, object.name].join('/')
}
