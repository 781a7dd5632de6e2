import { type Endpoint, type EndpointSlice, sliceLabels } from './endpoint-slice.ts'
import type { RawObject } from './raw-value.ts'

/** The slice as the API shows it, with the fields that a reduced one has: each endpoint has one address. */
export function renderEndpointSlice(slice: EndpointSlice): RawObject {
  const { namespace, name, addressType, endpoints, ports } = slice
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    addressType,
    endpoints: endpoints.map(endpoint => renderEndpoint(endpoint, namespace)),
    metadata: { labels: sliceLabels(slice), name, namespace },
    ports: ports.map(({ name, port, protocol }) => ({
      name,
      ...(port !== undefined && { port }),
      protocol,
    })),
  }
}

function renderEndpoint(endpoint: Endpoint, namespace: string): RawObject {
  const { address, ready, serving, terminating, hostname, nodeName, podName, zone } = endpoint
  return {
    addresses: [address],
    conditions: { ready, serving, terminating },
    ...(hostname !== '' && { hostname }),
    ...(nodeName !== '' && { nodeName }),
    ...(podName !== '' && { targetRef: { kind: 'Pod', name: podName, namespace } }),
    ...(zone !== '' && { zone }),
  }
}
