import { rawArray, rawObject, type RawObject, rawString, rawStrings } from './raw-value.ts'

/** A ServiceCIDR of `networking.k8s.io/v1`: networks that cluster IPs are given out of. */
export interface ServiceCidr {
  readonly kind: 'ServiceCIDR'
  readonly name: string
  /** One, or one of each family. */
  readonly cidrs: readonly string[]
  /** New addresses are taken from it. Without a condition it counts as ready, as for the API server. */
  readonly ready: boolean
}

/** Reads a ServiceCIDR that is already known to be valid; odd fields read as absent. */
export function reduceServiceCidr(api: RawObject): ServiceCidr {
  const metadata = rawObject(api['metadata'])
  const conditions = rawArray(rawObject(api['status'])['conditions']).map(rawObject)
  const condition = conditions.find(({ type }) => type === 'Ready')
  return {
    kind: 'ServiceCIDR',
    name: rawString(metadata['name']),
    cidrs: rawStrings(rawObject(api['spec'])['cidrs']),
    ready:
      rawString(metadata['deletionTimestamp']) === '' &&
      (!condition || condition['status'] === 'True'),
  }
}
