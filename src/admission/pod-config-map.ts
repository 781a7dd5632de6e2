import { rawArray, rawObject } from '../objects/raw-value.ts'
import type { PodContainer } from './pod-containers.ts'
import type { PatchOperation } from './review.ts'
import { variablesConfigMapName } from './variables-config-map.ts'

/** Optional: the kubelet starts the container without it, and with it when it is there at the next start. */
const source = { configMapRef: { name: variablesConfigMapName, optional: true } }

/**
 * Puts the namespace's ConfigMap in front of each container's `envFrom`: every other source and all of `env` win over it, as they
 * do over the kubelet's own variables.
 */
export function prependConfigMap(containers: readonly PodContainer[]): PatchOperation[] {
  return containers
    .map(({ path, api }) => ({ path, sources: rawArray(api['envFrom']) }))
    .filter(({ sources }) => !sources.some(isOurs))
    .map(({ path, sources }) => ({
      op: 'add',
      path: `${path}/envFrom`,
      value: [source, ...sources],
    }))
}

function isOurs(value: unknown): boolean {
  return rawObject(rawObject(value)['configMapRef'])['name'] === variablesConfigMapName
}
