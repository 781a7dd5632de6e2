import { canonicalIp, familyOfText, type IpFamily } from '../lib/ip.ts'
import type { Endpoint, EndpointPort } from '../objects/endpoint-slice.ts'
import type { ContainerPort, Pod } from '../objects/pod.ts'
import type { Service, ServicePort } from '../objects/service.ts'

/**
 * What the pod contributes to slices of one family; normally one endpoint, none while it has no
 * address or when it has run to its end. Terminating pods stay until they are gone.
 */
export function endpointsOf(service: Service, pod: Pod, family: IpFamily): Endpoint[] {
  if (pod.phase === 'Succeeded' || pod.phase === 'Failed') return []
  const endpoints: Endpoint[] = []
  for (const podIp of pod.podIPs) {
    if (familyOfText(podIp) !== family) continue
    const address = pod.hasStatus ? canonicalIp(podIp)! : podIp
    endpoints.push({
      address,
      hostname: pod.subdomain === service.name ? pod.hostname : '',
      ready: service.publishNotReadyAddresses || (pod.ready && !pod.terminating),
      serving: pod.ready,
      terminating: pod.terminating,
      nodeName: pod.nodeName,
      zone: '',
      podName: pod.name,
    })
  }
  return endpoints
}

/** The same address of the same pod under the same name: what finds an endpoint in older slices. */
export function isSameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.podName === b.podName && a.address === b.address && a.hostname === b.hostname
}

/** Of two that are the same endpoint: whether nothing about it changed. */
export function isUnchanged(a: Endpoint, b: Endpoint): boolean {
  return (
    a.ready === b.ready &&
    a.serving === b.serving &&
    a.terminating === b.terminating &&
    a.nodeName === b.nodeName &&
    a.zone === b.zone
  )
}

/**
 * The Service's ports as a pod with these container ports serves them. A target port given by name
 * is the first of that name and protocol; a Service port that the pod does not have is left out.
 */
export function endpointPortsOf(
  service: Service,
  containerPorts: readonly ContainerPort[],
): EndpointPort[] {
  const ports = service.ports.flatMap(servicePort => {
    const port = resolveTargetPort(servicePort, containerPorts)
    const { name, protocol } = servicePort
    return port === undefined ? [] : [{ name, protocol, port }]
  })
  // An array that grew has room for 17; there is one for each slice.
  return ports.slice()
}

function resolveTargetPort(
  { targetPort, protocol }: ServicePort,
  containerPorts: readonly ContainerPort[],
): number | undefined {
  if (typeof targetPort === 'number') return targetPort
  return containerPorts.find(port => port.name === targetPort && port.protocol === protocol)
    ?.containerPort
}

/** Equal for port sets that are equal in any order: endpoints with equal keys share slices. */
export function portsKey(ports: readonly EndpointPort[]): string {
  return ports
    .map(({ name, protocol, port }) => `${name}/${protocol}/${port ?? ''}`)
    .sort()
    .join()
}
