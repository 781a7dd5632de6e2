import { objectKey } from '../objects/change.ts'
import type { Service } from '../objects/service.ts'
import { API_SERVER_SERVICE } from './address-pool.ts'
import { usesNodePorts } from './held-resources.ts'

/**
 * The order in which Services that arrive together are created, so that the outcome does not depend
 * on how they are spread over files: first who asks for certain addresses and ports, so that nobody
 * is given them by choice; then by namespace and name.
 */
export function inAllocationOrder(services: readonly Service[]): Service[] {
  return services
    .map(service => ({ service, rank: rankOf(service), key: objectKey(service) }))
    .sort((one, other) => one.rank - other.rank || (one.key < other.key ? -1 : 1))
    .map(({ service }) => service)
}

/** Ports go before addresses: their range is the smaller one, so a choice hits a wish more often. */
function rankOf(service: Service): number {
  const namesAddress =
    service.clusterIP !== '' ||
    service.clusterIPs.length > 0 ||
    objectKey(service) === API_SERVER_SERVICE
  const namesPort =
    service.healthCheckNodePort !== 0 || service.ports.some(port => port.nodePort !== 0)
  if (namesAddress && (namesPort || !usesNodePorts(service))) return 0
  if (namesPort) return 1
  return namesAddress ? 2 : 3
}
