import type { ApiObject } from '../reflector/reflector-sink.ts'

/** One ConfigMap by its name, as a path of the API names it. */
export interface ConfigMapTarget {
  readonly group: ''
  readonly version: 'v1'
  readonly plural: 'configmaps'
  readonly namespace: string
  readonly name: string
}

/**
 * What became of a request. `missing`: 404, there is no such ConfigMap or, for one to be created, no such namespace. `conflict`: 409,
 * it exists already, or is not in the version that was named.
 */
type ConfigMapAnswer =
  | { readonly outcome: 'done'; readonly object: ApiObject }
  | { readonly outcome: 'missing' | 'conflict' }

export interface ConfigMapBody {
  readonly apiVersion: 'v1'
  readonly kind: 'ConfigMap'
  readonly metadata: Readonly<Record<string, unknown>>
  readonly data: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

/** What is asked of an API server about ConfigMaps. Rejects for what is neither done nor one of the outcomes. */
export interface ConfigMapClient {
  get(target: ConfigMapTarget, signal: AbortSignal): Promise<ConfigMapAnswer>
  create(
    target: ConfigMapTarget,
    object: ConfigMapBody,
    signal: AbortSignal,
  ): Promise<ConfigMapAnswer>
  /** The version in `metadata.resourceVersion`, and no other. */
  replace(
    target: ConfigMapTarget,
    object: ConfigMapBody,
    signal: AbortSignal,
  ): Promise<ConfigMapAnswer>
  delete(
    target: ConfigMapTarget,
    preconditions: { readonly resourceVersion: string },
    signal: AbortSignal,
  ): Promise<'done' | 'missing' | 'conflict'>
}
