import { rawArray, rawObject, type RawObject } from './raw-value.ts'

/**
 * Whether somebody has written `spec.clusterIP`: what the API server or a webhook fills in when an object is created belongs to
 * no field manager. `undefined` where the object does not say who wrote what, as in a manifest.
 */
export function hasWrittenClusterIp(api: RawObject): boolean | undefined {
  const managers = rawArray(rawObject(api['metadata'])['managedFields']).map(rawObject)
  if (managers.length === 0) return undefined
  return managers.some(manager => {
    const spec = rawObject(rawObject(manager['fieldsV1'])['f:spec'])
    return 'f:clusterIP' in spec || 'f:clusterIPs' in spec
  })
}
