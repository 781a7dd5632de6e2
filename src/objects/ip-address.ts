import { rawLabels, rawObject, type RawObject, rawString } from './raw-value.ts'

const managedByLabel = 'ipaddress.kubernetes.io/managed-by'

/** An IPAddress of `networking.k8s.io/v1`: the address is in use, and no other Service can get it. */
export interface IpAddress {
  readonly kind: 'IPAddress'
  /** The canonical text of the address. */
  readonly name: string
  /** Label; `ipallocator.k8s.io` for the API server's own. Others reserve an address for good. */
  readonly managedBy: string
  /** `namespace/name` of the Service that has it; '' for what is no Service. It may be gone. */
  readonly service: string
}

/** Reads an IPAddress that is already known to be valid; odd fields read as absent. */
export function reduceIpAddress(api: RawObject): IpAddress {
  const metadata = rawObject(api['metadata'])
  const parent = rawObject(rawObject(api['spec'])['parentRef'])
  const isService = rawString(parent['group']) === '' && parent['resource'] === 'services'
  const key = [rawString(parent['namespace']), rawString(parent['name'])].join('/')
  return {
    kind: 'IPAddress',
    name: rawString(metadata['name']),
    managedBy: rawLabels(metadata['labels'])[managedByLabel] ?? '',
    service: isService ? key : '',
  }
}
