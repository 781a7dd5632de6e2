import type { Service } from '../objects/service.ts'
import { usesHealthCheckNodePort, usesNodePorts } from './held-resources.ts'

/**
 * Fills in what was allocated before and is not named now, so that applying the original manifest
 * again is no change. Node ports are found by port name.
 * kubernetes pkg/registry/core/service/storage: patchAllocatedValues.
 */
export function keepAllocatedValues(after: Service, before: Service): Service {
  const hadAddresses = before.type !== 'ExternalName' && after.type !== 'ExternalName'
  const hadNodePorts = usesNodePorts(before) && usesNodePorts(after)
  const hadHealthCheck = usesHealthCheckNodePort(before) && usesHealthCheckNodePort(after)
  return {
    ...after,
    ...(hadAddresses && {
      clusterIP: after.clusterIP || before.clusterIP,
      clusterIPs: after.clusterIPs.length === 0 ? before.clusterIPs : after.clusterIPs,
    }),
    ...(hadNodePorts && { ports: keepNodePorts(after, before) }),
    ...(hadHealthCheck && {
      healthCheckNodePort: after.healthCheckNodePort || before.healthCheckNodePort,
    }),
  }
}

function keepNodePorts(after: Service, before: Service): Service['ports'] {
  const named = new Set(after.ports.map(port => port.nodePort))
  const byName = new Map(before.ports.map(port => [port.name, port.nodePort]))
  return after.ports.map(port => {
    const known = byName.get(port.name) ?? 0
    return port.nodePort !== 0 || named.has(known) ? port : { ...port, nodePort: known }
  })
}

/**
 * Makes `clusterIPs` follow `clusterIP` where only the older, singular field was written. The other
 * way round is not done: who knows `clusterIPs` must write both.
 * kubernetes pkg/registry/core/service/storage: normalizeClusterIPs.
 */
export function linkClusterIps(after: Service, before: Service | undefined): Service {
  const { clusterIP, clusterIPs } = after
  if (!before) {
    return clusterIP !== '' && clusterIPs.length === 0
      ? { ...after, clusterIPs: [clusterIP] }
      : after
  }
  if (clusterIP === before.clusterIP)
    return clusterIPs.length === 0 ? { ...after, clusterIPs: before.clusterIPs } : after
  if (!sameList(clusterIPs, before.clusterIPs)) return after
  return { ...after, clusterIPs: clusterIP === '' ? [] : [clusterIP] }
}

/**
 * Drops what the new type has no use for, unless it was changed in the same request: then
 * validation refuses it. kubernetes pkg/registry/core/service: dropTypeDependentFields.
 */
export function dropUnusedFields(after: Service, before: Service): Service {
  const lostAddresses = before.type !== 'ExternalName' && after.type === 'ExternalName'
  const lostNodePorts = usesNodePorts(before) && !usesNodePorts(after)
  const lostHealthCheck = usesHealthCheckNodePort(before) && !usesHealthCheckNodePort(after)
  return {
    ...after,
    ...(lostAddresses && sameClusterIps(after, before) && { clusterIP: '', clusterIPs: [] }),
    ...(lostAddresses && sameList(after.ipFamilies, before.ipFamilies) && { ipFamilies: [] }),
    ...(lostAddresses &&
      after.ipFamilyPolicy === before.ipFamilyPolicy && { ipFamilyPolicy: undefined }),
    ...(lostNodePorts &&
      !addsNodePorts(after, before) && {
        ports: after.ports.map(port => ({ ...port, nodePort: 0 })),
      }),
    ...(lostHealthCheck &&
      after.healthCheckNodePort === before.healthCheckNodePort && { healthCheckNodePort: 0 }),
  }
}

function addsNodePorts(after: Service, before: Service): boolean {
  const known = new Set([0, ...before.ports.map(port => port.nodePort)])
  return after.ports.some(port => !known.has(port.nodePort))
}

function sameClusterIps(one: Service, other: Service): boolean {
  return one.clusterIP === other.clusterIP && sameList(one.clusterIPs, other.clusterIPs)
}

export function sameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index])
}
