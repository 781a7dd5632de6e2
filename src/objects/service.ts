import type { IpFamily } from '../lib/ip.ts'
import { type Labels } from './labels.ts'
import {
  rawArray,
  rawInteger,
  rawLabels,
  rawObject,
  type RawObject,
  rawString,
  rawStrings,
} from './raw-value.ts'

type ServiceType = 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName'
export type Protocol = 'TCP' | 'UDP' | 'SCTP'
export type IpFamilyPolicy = 'SingleStack' | 'PreferDualStack' | 'RequireDualStack'

/** `spec.clusterIPs` of a headless Service. */
export const headlessClusterIp = 'None'

export interface ServicePort {
  /** '' for the one unnamed port. */
  readonly name: string
  readonly protocol: Protocol
  readonly port: number
  readonly targetPort: number | string
  /** 0 while none is allocated. */
  readonly nodePort: number
  readonly appProtocol: string | undefined
}

/**
 * A Service reduced to what names, addresses, endpoints and variables need, statically defaulted as the
 * API server does on decode. Fields that the server fills in later (addresses, families, policy, node
 * ports) are empty, `undefined` or 0 until they are allocated.
 */
export interface Service {
  readonly kind: 'Service'
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly labels: Labels
  readonly type: ServiceType
  /** '' when not given; `None` for a headless Service. */
  readonly clusterIP: string
  readonly clusterIPs: readonly string[]
  readonly ipFamilies: readonly IpFamily[]
  readonly ipFamilyPolicy: IpFamilyPolicy | undefined
  readonly ports: readonly ServicePort[]
  /** `undefined` for no selector; an empty one is the same (protobuf storage drops it). */
  readonly selector: Labels | undefined
  readonly externalName: string
  readonly publishNotReadyAddresses: boolean
  readonly allocateLoadBalancerNodePorts: boolean
  readonly externalTrafficPolicy: 'Cluster' | 'Local'
  readonly healthCheckNodePort: number
  readonly externalIPs: readonly string[]
  /** Addresses and host names of the load balancer, from its status; left out when there are none. */
  readonly loadBalancer?: readonly string[]
}

/** Reads a Service that is already known to be valid; odd fields read as absent. */
export function reduceService(api: RawObject): Service {
  const metadata = rawObject(api['metadata'])
  const spec = rawObject(api['spec'])
  const selector = rawLabels(spec['selector'])
  const loadBalancer = loadBalancerOf(rawObject(api['status']))
  return {
    kind: 'Service',
    namespace: rawString(metadata['namespace']),
    name: rawString(metadata['name']),
    uid: rawString(metadata['uid']),
    labels: rawLabels(metadata['labels']),
    type: (rawString(spec['type']) || 'ClusterIP') as ServiceType,
    clusterIP: rawString(spec['clusterIP']),
    clusterIPs: rawStrings(spec['clusterIPs']),
    ipFamilies: rawStrings(spec['ipFamilies']) as readonly IpFamily[],
    ipFamilyPolicy: (rawString(spec['ipFamilyPolicy']) || undefined) as IpFamilyPolicy | undefined,
    ports: rawArray(spec['ports']).map(port => reduceServicePort(rawObject(port))),
    selector: Object.keys(selector).length === 0 ? undefined : selector,
    externalName: rawString(spec['externalName']),
    publishNotReadyAddresses: spec['publishNotReadyAddresses'] === true,
    allocateLoadBalancerNodePorts: spec['allocateLoadBalancerNodePorts'] !== false,
    externalTrafficPolicy: spec['externalTrafficPolicy'] === 'Local' ? 'Local' : 'Cluster',
    healthCheckNodePort: rawInteger(spec['healthCheckNodePort']) ?? 0,
    externalIPs: rawStrings(spec['externalIPs']),
    ...(loadBalancer.length > 0 && { loadBalancer }),
  }
}

function loadBalancerOf(status: RawObject): readonly string[] {
  return rawArray(rawObject(status['loadBalancer'])['ingress'])
    .map(rawObject)
    .map(({ ip, hostname }) => rawString(ip) || rawString(hostname))
    .filter(text => text !== '')
}

function reduceServicePort(api: RawObject): ServicePort {
  const port = rawInteger(api['port']) ?? 0
  const targetPort = api['targetPort']
  return {
    name: rawString(api['name']),
    protocol: (rawString(api['protocol']) || 'TCP') as Protocol,
    port,
    targetPort: rawString(targetPort) || rawInteger(targetPort) || port,
    nodePort: rawInteger(api['nodePort']) ?? 0,
    appProtocol: rawString(api['appProtocol']) || undefined,
  }
}

/** Also before `clusterIPs` is filled in from `clusterIP`, as in a manifest. */
export function isHeadless({ type, clusterIP, clusterIPs }: Service): boolean {
  return type !== 'ExternalName' && (clusterIPs[0] ?? clusterIP) === headlessClusterIp
}
