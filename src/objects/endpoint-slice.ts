import { familyOfText } from '../lib/ip.ts'
import { type Labels, noLabels } from './labels.ts'
import {
  rawArray,
  rawInteger,
  rawLabels,
  rawObject,
  type RawObject,
  rawString,
  rawStrings,
} from './raw-value.ts'
import type { Protocol } from './service.ts'

const serviceNameLabel = 'kubernetes.io/service-name'
const managedByLabel = 'endpointslice.kubernetes.io/managed-by'
const skipMirrorLabel = 'endpointslice.kubernetes.io/skip-mirror'

/** The controllers of a cluster, as their slices name them, and what they make slices from. */
const madeFromBy: ReadonlyMap<string, NonNullable<EndpointSlice['madeFrom']>> = new Map([
  ['endpointslice-controller.k8s.io', 'pods'],
  ['endpointslicemirroring-controller.k8s.io', 'endpoints'],
])

export interface EndpointPort {
  /** '' for an unnamed port. */
  readonly name: string
  readonly protocol: Protocol
  /** `undefined` means all ports: such an entry has addresses but no SRV record. */
  readonly port: number | undefined
}

/** One address of one endpoint: an endpoint of the API with two addresses becomes two of these. */
export interface Endpoint {
  /** As the slice carries it; canonical in all but hand-written slices. */
  readonly address: string
  /** '' when the pod has no name of its own below the service. */
  readonly hostname: string
  /** A condition that the API leaves out counts as ready and serving, and not as terminating. */
  readonly ready: boolean
  readonly serving: boolean
  readonly terminating: boolean
  readonly nodeName: string
  readonly zone: string
  /** `targetRef.name` when the target is a Pod, else ''. */
  readonly podName: string
}

export interface EndpointSlice {
  readonly kind: 'EndpointSlice'
  readonly namespace: string
  readonly name: string
  /** From the label `kubernetes.io/service-name`; '' joins no Service. */
  readonly serviceName: string
  /** What a controller of the cluster it was exported from had made it from; else left out. */
  readonly madeFrom?: 'pods' | 'endpoints'
  /** Its labels but for those that the two fields above stand for; left out when there are none. */
  readonly labels?: Labels
  readonly addressType: 'IPv4' | 'IPv6' | 'FQDN'
  readonly ports: readonly EndpointPort[]
  readonly endpoints: readonly Endpoint[]
}

/** All labels of a slice, as far as they were kept. */
export function sliceLabels({ serviceName, madeFrom, labels }: EndpointSlice): Labels {
  const [managedBy] = [...madeFromBy].find(([, from]) => from === madeFrom) ?? []
  return {
    ...labels,
    ...(managedBy !== undefined && { [managedByLabel]: managedBy }),
    ...(serviceName !== '' && { [serviceNameLabel]: serviceName }),
  }
}

/**
 * Reads an EndpointSlice that is already known to be valid; odd fields read as absent. Labels are wanted only where a
 * selector looks at those of slices: a cluster has as many as Services.
 */
export function reduceEndpointSlice(
  api: RawObject,
  { labels: wanted }: { readonly labels: 'keep' | 'drop' } = { labels: 'keep' },
): EndpointSlice {
  const metadata = rawObject(api['metadata'])
  const labels = rawObject(metadata['labels'])
  const madeFrom = madeFromBy.get(rawString(labels[managedByLabel]))
  const kept = wanted === 'keep' ? rawLabels(otherLabels(labels, madeFrom)) : noLabels
  return {
    kind: 'EndpointSlice',
    namespace: rawString(metadata['namespace']),
    name: rawString(metadata['name']),
    serviceName: rawString(labels[serviceNameLabel]),
    ...(madeFrom !== undefined && { madeFrom }),
    ...(kept !== noLabels && { labels: kept }),
    addressType: (rawString(api['addressType']) || 'IPv4') as EndpointSlice['addressType'],
    ports: rawArray(api['ports']).map(port => reduceEndpointPort(rawObject(port))),
    endpoints: rawArray(api['endpoints']).flatMap(endpoint => reduceEndpoint(rawObject(endpoint))),
  }
}

/** Those that no field stands for. */
function otherLabels(labels: RawObject, madeFrom: EndpointSlice['madeFrom']): RawObject {
  return Object.fromEntries(
    Object.entries(labels).filter(
      ([key]) => key !== serviceNameLabel && (key !== managedByLabel || !madeFrom),
    ),
  )
}

function reduceEndpointPort(api: RawObject): EndpointPort {
  return {
    name: rawString(api['name']),
    protocol: (rawString(api['protocol']) || 'TCP') as Protocol,
    port: rawInteger(api['port']),
  }
}

function reduceEndpoint(api: RawObject): Endpoint[] {
  const conditions = rawObject(api['conditions'])
  const targetRef = rawObject(api['targetRef'])
  const ready = conditions['ready'] !== false
  const serving = conditions['serving'] !== false
  const terminating = conditions['terminating'] === true
  return rawStrings(api['addresses']).map(address => ({
    address,
    hostname: rawString(api['hostname']),
    ready,
    serving,
    terminating,
    nodeName: rawString(api['nodeName']),
    zone: rawString(api['zone']),
    podName: targetRef['kind'] === 'Pod' ? rawString(targetRef['name']) : '',
  }))
}

/**
 * The slices that mirror a legacy Endpoints object, one per family and subset, as the EndpointSlice
 * mirroring controller makes them; named after the object so that a later version replaces them, with
 * a character that no name of an object can have. None of an object whose writer makes slices itself.
 */
export function reduceEndpoints(api: RawObject): EndpointSlice[] {
  const metadata = rawObject(api['metadata'])
  const name = rawString(metadata['name'])
  const labels = rawLabels(metadata['labels'])
  const slices: EndpointSlice[] = []
  if (labels[skipMirrorLabel] === 'true') return slices
  for (const [position, value] of rawArray(api['subsets']).entries()) {
    const subset = rawObject(value)
    const ports = rawArray(subset['ports']).map(port => reduceEndpointPort(rawObject(port)))
    const endpoints = [
      ...rawArray(subset['addresses']).map(address => mirrorEndpoint(rawObject(address), true)),
      ...rawArray(subset['notReadyAddresses']).map(address =>
        mirrorEndpoint(rawObject(address), false),
      ),
    ]
    for (const addressType of ['IPv4', 'IPv6'] as const) {
      const ofFamily = endpoints.filter(endpoint => familyOfText(endpoint.address) === addressType)
      if (ofFamily.length === 0) continue
      slices.push({
        kind: 'EndpointSlice',
        namespace: rawString(metadata['namespace']),
        name: `${name}~${position}-${addressType.toLowerCase()}`,
        serviceName: name,
        ...(labels !== noLabels && { labels }),
        addressType,
        ports,
        endpoints: ofFamily,
      })
    }
  }
  return slices
}

/** True for a slice that {@link reduceEndpoints} made. */
export function isMirroredSlice(slice: EndpointSlice): boolean {
  return slice.name.startsWith(`${slice.serviceName}~`)
}

function mirrorEndpoint(api: RawObject, ready: boolean): Endpoint {
  const targetRef = rawObject(api['targetRef'])
  return {
    address: rawString(api['ip']),
    hostname: rawString(api['hostname']),
    ready,
    serving: ready,
    terminating: false,
    nodeName: rawString(api['nodeName']),
    zone: '',
    podName: targetRef['kind'] === 'Pod' ? rawString(targetRef['name']) : '',
  }
}
