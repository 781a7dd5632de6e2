import { rawArray, rawObject, type RawObject, rawString } from './raw-value.ts'

/** Kinds of apps/v1 that own pods, directly or through a ReplicaSet. */
const controllingKinds: ReadonlySet<string> = new Set([
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
])

/**
 * The workload that made the object and manages it, `ReplicaSet/web-6f94f6f679`; '' when it has none or
 * one of another kind. It is in the object's namespace, always.
 */
export function controllerOf(metadata: RawObject): string {
  for (const owner of rawArray(metadata['ownerReferences']).map(rawObject)) {
    const kind = rawString(owner['kind'])
    const isWorkload =
      rawString(owner['apiVersion']).startsWith('apps/') && controllingKinds.has(kind)
    if (owner['controller'] === true && isWorkload) return `${kind}/${rawString(owner['name'])}`
  }
  return ''
}
