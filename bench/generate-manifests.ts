import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ApiManifest } from '../test/support/api-paths.ts'

export interface GeneratedCluster {
  readonly services: number
  readonly endpointsPerService: number
  /** `workloads`: Deployments and StatefulSets; `slices`: EndpointSlices by hand, as JSON. */
  readonly form: 'workloads' | 'slices'
  /** 0 when not given. In another version every service has another port and every slice other contents. */
  readonly version?: number
}

const namespaces = 100
export const namespaceNames = Array.from({ length: namespaces }, (_, index) => `ns-${index}`)
/** How many files a cluster of more services than that has. */
export const manifestFiles = namespaces
/** One service in so many is headless, with a StatefulSet behind it. */
const headlessEvery = 10
const firstHttpPort = 80
const firstTargetPort = 8080

/** Writes one file per namespace below `folder`. The same cluster has the same text every time. */
export async function generateManifests(folder: string, cluster: GeneratedCluster): Promise<void> {
  await mkdir(folder, { recursive: true })
  const perNamespace = new Map<string, string[]>()
  for (let i = 0; i < cluster.services; i++) {
    const namespace = `ns-${i % namespaces}`
    const documents = perNamespace.get(namespace) ?? []
    perNamespace.set(namespace, documents)
    documents.push(
      ...(cluster.form === 'slices' ? sliceDocuments(i, cluster) : workloadDocuments(i, cluster)),
    )
  }
  for (const [namespace, documents] of perNamespace) {
    await writeFile(join(folder, `${namespace}.yaml`), documents.join('---\n'))
  }
}

/** `svc-12`, in `ns-12`. */
export function serviceName(index: number): string {
  return `svc-${index}.ns-${index % namespaces}`
}

export function isHeadlessService(index: number): boolean {
  return index % headlessEvery === 0
}

/** What SRV records of the port named `http` say: a headless service shows its endpoints' own port. */
export function httpPort(index: number, version: number): number {
  return (isHeadlessService(index) ? firstTargetPort : firstHttpPort) + version
}

function workloadDocuments(
  index: number,
  { endpointsPerService, version = 0 }: GeneratedCluster,
): string[] {
  const name = `svc-${index}`
  const isHeadless = isHeadlessService(index)
  return [
    `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ns-${index % namespaces}
  labels: { app: ${name} }
spec:${isHeadless ? '\n  clusterIP: None' : ''}
  selector: { app: ${name} }
  ports:
    - { name: http, port: ${firstHttpPort + version}, targetPort: http }
    - { name: metrics, port: 9090, targetPort: 9090 }
`,
    `apiVersion: apps/v1
kind: ${isHeadless ? 'StatefulSet' : 'Deployment'}
metadata:
  name: ${name}
  namespace: ns-${index % namespaces}
spec:
  replicas: ${endpointsPerService}${isHeadless ? `\n  serviceName: ${name}` : ''}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - { name: app, image: app, ports: [{ name: http, containerPort: ${firstTargetPort + version} }] }
`,
  ]
}

function sliceDocuments(index: number, cluster: GeneratedCluster): string[] {
  return [serviceObject(index, cluster), sliceObject(index, cluster)].map(
    object => `${JSON.stringify(object)}\n`,
  )
}

type ObjectSetting = Omit<GeneratedCluster, 'form'>

export function serviceObject(index: number, { version = 0 }: ObjectSetting): ApiManifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `svc-${index}`, namespace: `ns-${index % namespaces}` },
    spec: {
      ...(isHeadlessService(index) && { clusterIP: 'None' }),
      ports: [
        { name: 'http', port: firstHttpPort + version, targetPort: firstTargetPort + version },
        { name: 'metrics', port: 9090, targetPort: 9090 },
      ],
    },
  }
}

export function sliceObject(
  index: number,
  { services, endpointsPerService, version = 0 }: ObjectSetting,
): ApiManifest {
  const name = `svc-${index}`
  const namespace = `ns-${index % namespaces}`
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-abcde`, namespace, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: [
      { name: 'http', port: firstTargetPort + version, protocol: 'TCP' },
      { name: 'metrics', port: 9090, protocol: 'TCP' },
    ],
    endpoints: Array.from({ length: endpointsPerService }, (_, e) => {
      const k = (version * services + index) * endpointsPerService + e
      return {
        addresses: [`10.${128 + ((k >> 16) & 127)}.${(k >> 8) & 255}.${k & 255}`],
        conditions: { ready: true, serving: true, terminating: false },
        nodeName: `node-${k % 100}`,
        zone: `zone-${k % 3}`,
        targetRef: {
          kind: 'Pod',
          namespace,
          name: `${name}-7d4b9c6f5-${k.toString(36).padStart(5, '0')}`,
        },
      }
    }),
  }
}
