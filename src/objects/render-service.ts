import { parseIp } from '../lib/ip.ts'
import type { RawObject } from './raw-value.ts'
import type { Service, ServicePort } from './service.ts'

/** The Service as the API shows it, with the fields that a reduced one has. */
export function renderService(service: Service): RawObject {
  const { namespace, name, uid, labels, type } = service
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      ...(Object.keys(labels).length > 0 && { labels }),
      name,
      namespace,
      ...(uid !== '' && { uid }),
    },
    spec: { ...renderAddresses(service), ...renderTraffic(service), type },
    status: { loadBalancer: renderLoadBalancer(service) },
  }
}

function renderLoadBalancer({ loadBalancer }: Service): RawObject {
  if (!loadBalancer) return {}
  return { ingress: loadBalancer.map(text => (parseIp(text) ? { ip: text } : { hostname: text })) }
}

function renderAddresses(service: Service): RawObject {
  const { clusterIP, clusterIPs, externalIPs, externalName, ipFamilies, ipFamilyPolicy } = service
  return {
    ...(clusterIP !== '' && { clusterIP }),
    ...(clusterIPs.length > 0 && { clusterIPs }),
    ...(externalIPs.length > 0 && { externalIPs }),
    ...(externalName !== '' && { externalName }),
    ...(ipFamilies.length > 0 && { ipFamilies }),
    ...(ipFamilyPolicy && { ipFamilyPolicy }),
  }
}

function renderTraffic(service: Service): RawObject {
  const { allocateLoadBalancerNodePorts, externalTrafficPolicy, healthCheckNodePort } = service
  const { type, ports, publishNotReadyAddresses, selector } = service
  const isBalanced = type === 'LoadBalancer'
  const isExternal = isBalanced || type === 'NodePort'
  return {
    ...((isBalanced || !allocateLoadBalancerNodePorts) && { allocateLoadBalancerNodePorts }),
    ...((isExternal || externalTrafficPolicy === 'Local') && { externalTrafficPolicy }),
    ...(healthCheckNodePort > 0 && { healthCheckNodePort }),
    ...(ports.length > 0 && { ports: ports.map(renderPort) }),
    ...(publishNotReadyAddresses && { publishNotReadyAddresses }),
    ...(selector && { selector }),
  }
}

function renderPort({
  appProtocol,
  name,
  nodePort,
  port,
  protocol,
  targetPort,
}: ServicePort): RawObject {
  return {
    ...(appProtocol !== undefined && { appProtocol }),
    ...(name !== '' && { name }),
    ...(nodePort > 0 && { nodePort }),
    port,
    protocol,
    targetPort,
  }
}
