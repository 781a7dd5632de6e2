import type { Change, ClusterObject } from '../../src/objects/change.ts'
import type { Endpoint, EndpointPort, EndpointSlice } from '../../src/objects/endpoint-slice.ts'
import { type Labels, noLabels } from '../../src/objects/labels.ts'
import type { Namespace } from '../../src/objects/namespace.ts'
import type { Pod } from '../../src/objects/pod.ts'
import type { Service, ServicePort } from '../../src/objects/service.ts'

/*
 * Objects for tests, written short: what is not said is what the API would default it to.
 */

export function namespace(name: string, labels: Labels = noLabels): Namespace {
  return { kind: 'Namespace', name, labels }
}

/** A port as `http:80`, `dns:53/UDP` or `80`. */
function port(text: string): EndpointPort & { port: number } {
  const [, name = '', number, protocol = 'TCP'] = /^(?:([^:]+):)?(\d+)(?:\/(\w+))?$/.exec(text)!
  return { name, port: Number(number), protocol: protocol as EndpointPort['protocol'] }
}

interface ServiceFields {
  readonly ips?: readonly string[]
  readonly ports?: readonly string[]
  readonly externalName?: string
  readonly externalIPs?: readonly string[]
  readonly loadBalancer?: readonly string[]
  readonly labels?: Labels
}

/** A Service as `namespace/name`: headless with `ips: ['None']`, ExternalName when it has one. */
export function service(
  key: string,
  {
    ips = [],
    ports = [],
    externalName,
    externalIPs = [],
    loadBalancer,
    labels = noLabels,
  }: ServiceFields,
): Service {
  const [namespace = '', name = ''] = key.split('/')
  return {
    kind: 'Service',
    namespace,
    name,
    uid: '',
    labels,
    type: externalName === undefined ? 'ClusterIP' : 'ExternalName',
    clusterIP: ips[0] ?? '',
    clusterIPs: ips,
    ipFamilies: [],
    ipFamilyPolicy: undefined,
    ports: ports.map(servicePort),
    selector: undefined,
    externalName: externalName ?? '',
    publishNotReadyAddresses: false,
    allocateLoadBalancerNodePorts: true,
    externalTrafficPolicy: 'Cluster',
    healthCheckNodePort: 0,
    externalIPs,
    ...(loadBalancer && { loadBalancer }),
  }
}

function servicePort(text: string): ServicePort {
  const { name, port: number, protocol } = port(text)
  return { name, port: number, protocol, targetPort: number, nodePort: 0, appProtocol: undefined }
}

interface EndpointFields {
  readonly hostname?: string
  readonly ready?: boolean
  readonly podName?: string
  readonly zone?: string
}

export function endpoint(address: string, fields: EndpointFields = {}): Endpoint {
  const { hostname = '', ready = true, podName = '', zone = '' } = fields
  return {
    address,
    hostname,
    ready,
    serving: ready,
    terminating: false,
    nodeName: '',
    zone,
    podName,
  }
}

interface SliceFields {
  readonly ports?: readonly string[]
  readonly endpoints: readonly Endpoint[]
  readonly addressType?: EndpointSlice['addressType']
  readonly labels?: Labels
}

/** A slice as `namespace/service/suffix`. */
export function slice(key: string, fields: SliceFields): EndpointSlice {
  const [namespace = '', serviceName = '', suffix = ''] = key.split('/')
  const isV6 = fields.endpoints.some(({ address }) => address.includes(':'))
  return {
    kind: 'EndpointSlice',
    namespace,
    name: `${serviceName}-${suffix}`,
    serviceName,
    ...(fields.labels && { labels: fields.labels }),
    addressType: fields.addressType ?? (isV6 ? 'IPv6' : 'IPv4'),
    ports: (fields.ports ?? []).map(port),
    endpoints: fields.endpoints,
  }
}

export function pod(key: string, ips: readonly string[], phase: Pod['phase'] = 'Running'): Pod {
  const [namespace = '', name = ''] = key.split('/')
  return {
    kind: 'Pod',
    namespace,
    name,
    labels: noLabels,
    hostname: '',
    subdomain: '',
    nodeName: '',
    ports: [],
    hasStatus: true,
    phase,
    podIPs: ips,
    ready: true,
    terminating: false,
  }
}

export function upserts(...objects: readonly ClusterObject[]): Change[] {
  return objects.map(object => ({ type: 'upsert', object }))
}

export function deletes(...objects: readonly ClusterObject[]): Change[] {
  return objects.map(({ kind, name, ...rest }) => {
    const place = 'namespace' in rest ? rest.namespace : ''
    return { type: 'delete', kind, name, namespace: place }
  })
}
