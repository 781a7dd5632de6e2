import { familyOfText } from '../lib/ip.ts'
import { objectKey } from '../objects/change.ts'
import type { Service } from '../objects/service.ts'
import type { Pools } from './claims.ts'
import { heldAddresses, heldNodePorts } from './held-resources.ts'

/** Something wrong with what a Service already has, by the reasons of Kubernetes' repair loops. */
export interface RepairFinding {
  readonly reason:
    | 'ClusterIPNotValid'
    | 'ClusterIPOutOfRange'
    | 'ClusterIPAlreadyAllocated'
    | 'PortOutOfRange'
    | 'PortAlreadyAllocated'
  readonly message: string
}

/** Marks the Service's addresses as taken and says which could not be. */
export function restoreAddresses(service: Service, pools: Pools): RepairFinding[] {
  const owner = objectKey(service)
  return heldAddresses(service).flatMap((address): RepairFinding[] => {
    const family = familyOfText(address)
    if (!family) {
      const message = `Cluster IP ${address} is not a valid IP; please recreate service`
      return [{ reason: 'ClusterIPNotValid', message }]
    }
    const pool = pools.addresses.get(family)
    const refusal = pool ? pool.restore(address, owner) : 'outside'
    if (refusal === undefined) return []
    const subject = `Cluster IP [${family}]: ${address}`
    if (refusal === 'outside') {
      const message = `${subject} is not within any service CIDR; please recreate service`
      return [{ reason: 'ClusterIPOutOfRange', message }]
    }
    const holder = pool?.ownerOf(address)
    const message = `${subject} was assigned to multiple services (held by ${holder}); please recreate service`
    return [{ reason: 'ClusterIPAlreadyAllocated', message }]
  })
}

/** Marks the Service's node ports as taken and says which could not be. */
export function restoreNodePorts(service: Service, pools: Pools): RepairFinding[] {
  const owner = objectKey(service)
  return [...heldNodePorts(service)].flatMap((port): RepairFinding[] => {
    const refusal = pools.nodePorts.restore(port, owner)
    if (refusal === undefined) return []
    if (refusal === 'outside') {
      const message = `Port ${port} is not within the port range ${pools.nodePorts.rangeText}; please recreate service`
      return [{ reason: 'PortOutOfRange', message }]
    }
    const holder = pools.nodePorts.ownerOf(port)
    const message = `Port ${port} was assigned to multiple services (held by ${holder}); please recreate service`
    return [{ reason: 'PortAlreadyAllocated', message }]
  })
}
