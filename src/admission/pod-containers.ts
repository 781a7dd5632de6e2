import { rawArray, rawObject, type RawObject, rawString } from '../objects/raw-value.ts'
import type { AdmissionRequest } from './review.ts'

/** A container that gets variables, and where it stands in the Pod. */
export interface PodContainer {
  readonly name: string
  /** RFC 6901: `/spec/containers/0` */
  readonly path: string
  readonly api: RawObject
}

/**
 * The containers that a request brings: all of a new Pod, and of an UPDATE of `pods/ephemeralcontainers` the new
 * ones, because the server discards every other change there. Of any other UPDATE none: `env` cannot be changed, and a patch of
 * it would have the request refused. Mirror pods have none: nothing reads what they say.
 */
export function containersToReview(request: AdmissionRequest): PodContainer[] {
  const { operation, resource, subresource, object = {}, oldObject = {} } = request
  if (resource !== 'pods' || isMirrorPod(object)) return []
  if (operation === 'CREATE' && subresource === '')
    return [...containersAt(object, 'initContainers'), ...containersAt(object, 'containers')]
  if (operation !== 'UPDATE' || subresource !== 'ephemeralcontainers') return []
  const old = new Set(containersAt(oldObject, 'ephemeralContainers').map(({ name }) => name))
  return containersAt(object, 'ephemeralContainers').filter(({ name }) => !old.has(name))
}

/** `initContainers` has the sidecars too. */
function containersAt(pod: RawObject, field: string): PodContainer[] {
  return rawArray(rawObject(pod['spec'])[field]).map((value, index) => {
    const api = rawObject(value)
    return { name: rawString(api['name']), path: `/spec/${field}/${index}`, api }
  })
}

function isMirrorPod(pod: RawObject): boolean {
  const annotations = rawObject(rawObject(pod['metadata'])['annotations'])
  return annotations['kubernetes.io/config.mirror'] !== undefined
}
