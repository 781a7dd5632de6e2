import { headlessClusterIp, isHeadless, type Service } from '../objects/service.ts'

/** True for the types that may have node ports. */
export function usesNodePorts(service: Service): boolean {
  return service.type === 'NodePort' || service.type === 'LoadBalancer'
}

export function usesHealthCheckNodePort(service: Service): boolean {
  return service.type === 'LoadBalancer' && service.externalTrafficPolicy === 'Local'
}

/** Headless and with endpoints of somebody else's making: such a Service may have any families. */
export function isSelectorlessHeadless(service: Service): boolean {
  return service.clusterIP === headlessClusterIp && service.selector === undefined
}

/** The addresses that a Service has out of the pools. */
export function heldAddresses(service: Service): readonly string[] {
  return service.type === 'ExternalName' || isHeadless(service) ? [] : service.clusterIPs
}

/** The node ports that a Service has out of the pool, without that of its health check. */
export function heldServicePorts(service: Service): Set<number> {
  const ports = new Set(usesNodePorts(service) ? service.ports.map(port => port.nodePort) : [])
  ports.delete(0)
  return ports
}

/** The node ports that a Service has out of the pool, that of its health check included. */
export function heldNodePorts(service: Service): Set<number> {
  const ports = heldServicePorts(service)
  if (usesHealthCheckNodePort(service) && service.healthCheckNodePort !== 0)
    ports.add(service.healthCheckNodePort)
  return ports
}
