import type { ClusterObject } from '../../src/objects/change.ts'
import type { Endpoint, EndpointPort, EndpointSlice } from '../../src/objects/endpoint-slice.ts'
import type { Pod } from '../../src/objects/pod.ts'
import type { Service } from '../../src/objects/service.ts'

/**
 * The object of the API that reduces to `object`: `{ apiVersion: 'v1', kind: 'Service', … }`. Fields
 * without a meaning to DNS are left out.
 */
export function toApiObject(object: ClusterObject): object {
  if (object.kind === 'Service') return serviceOf(object)
  if (object.kind === 'EndpointSlice') return sliceOf(object)
  if (object.kind === 'Pod') return podOf(object)
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: object.name } }
}

function serviceOf({ namespace, name, ...service }: Service): object {
  const { type, externalName, clusterIPs, publishNotReadyAddresses } = service
  const ports = service.ports.map(port => ({ ...namedPort(port), targetPort: port.targetPort }))
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name },
    spec:
      type === 'ExternalName'
        ? { type, externalName }
        : { type, clusterIP: clusterIPs[0], clusterIPs, ports, publishNotReadyAddresses },
  }
}

function sliceOf({ namespace, name, serviceName, ...slice }: EndpointSlice): object {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace, name, labels: { 'kubernetes.io/service-name': serviceName } },
    addressType: slice.addressType,
    ports: slice.ports.map(namedPort),
    endpoints: slice.endpoints.map(endpointOf),
  }
}

function endpointOf(endpoint: Endpoint): object {
  const { address, hostname, podName, ready, serving, terminating } = endpoint
  return {
    addresses: [address],
    conditions: { ready, serving, terminating },
    ...(hostname && { hostname }),
    ...(podName && { targetRef: { kind: 'Pod', name: podName } }),
  }
}

function namedPort({ name, protocol, port }: EndpointPort): object {
  return { ...(name && { name }), protocol, port }
}

function podOf({ namespace, name, phase, podIPs, ready, terminating }: Pod): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace,
      name,
      ...(terminating && { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    },
    spec: { containers: [{ name: 'main', image: 'none' }] },
    status: {
      phase,
      podIP: podIPs[0],
      podIPs: podIPs.map(ip => ({ ip })),
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  }
}
