import type { ApiManifest } from './api-paths.ts'

export const servicesOfMany = 100
const slicesEach = 10

/** The headless Service `mI` of `namespace`. */
export function headless(i: number, namespace: string): ApiManifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `m${i}`, namespace },
    spec: { clusterIP: 'None', ports: [{ name: 'http', port: 80 }] },
  }
}

/** The ten slices of `mI` with one address each, 10.1.I.0 and on. */
export function slicesOf(i: number, namespace: string): ApiManifest[] {
  return addressesOf(i).map((address, part) => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `m${i}-${part}`,
      namespace,
      labels: { 'kubernetes.io/service-name': `m${i}` },
    },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 80 }],
    endpoints: [{ addresses: [address] }],
  }))
}

/** `A 10.1.7.0, A 10.1.7.1, …` */
export function answerOf(i: number): string {
  return addressesOf(i)
    .map(address => `A ${address}`)
    .join(', ')
}

function addressesOf(i: number): string[] {
  return Array.from({ length: slicesEach }, (_, part) => `10.1.${i}.${part}`)
}
