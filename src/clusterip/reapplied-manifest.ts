import type { Service } from '../objects/service.ts'

/**
 * True when an allocated Service already is what its manifest asks for, so that there is nothing to
 * update. Needed where manifests are read again and again: an update with the very manifest that
 * made the Service can be refused (`ipFamilies: [IPv4]` with PreferDualStack names fewer families
 * than the Service was given), which `kubectl apply` is spared by knowing what it applied last.
 */
export function isReapplied(manifest: Service, service: Service): boolean {
  return (
    JSON.stringify(withoutAllocated(manifest)) === JSON.stringify(withoutAllocated(service)) &&
    (manifest.clusterIP === '' || manifest.clusterIP === service.clusterIP) &&
    startsWith(service.clusterIPs, manifest.clusterIPs) &&
    startsWith(service.ipFamilies, manifest.ipFamilies) &&
    (manifest.ipFamilyPolicy ?? service.ipFamilyPolicy) === service.ipFamilyPolicy &&
    (manifest.healthCheckNodePort || service.healthCheckNodePort) === service.healthCheckNodePort &&
    manifest.ports.every(
      ({ nodePort }, index) => nodePort === 0 || nodePort === service.ports[index]?.nodePort,
    )
  )
}

function withoutAllocated(service: Service): Service {
  return {
    ...service,
    clusterIP: '',
    clusterIPs: [],
    ipFamilies: [],
    ipFamilyPolicy: undefined,
    healthCheckNodePort: 0,
    ports: service.ports.map(port => ({ ...port, nodePort: 0 })),
  }
}

function startsWith(list: readonly string[], start: readonly string[]): boolean {
  return start.every((item, index) => item === list[index])
}
