import type { ApiManifest } from '../test/support/api-paths.ts'
import type { ClusterClient } from '../test/support/cluster-client.ts'
import { bigCluster } from './bench.ts'
import { namespaceNames, sliceObject, serviceObject } from './generate-manifests.ts'

/** Requests at the same time: more than that only wait in the API server. */
const parallel = 32
const slicesPath = 'apis/discovery.k8s.io/v1'

/** Creates the big cluster through an API server: what the manifests of the other benchmark hold, in version 0. */
export async function createBigCluster(client: ClusterClient): Promise<void> {
  await inParallel(namespaceNames, name =>
    client.send('POST', '/api/v1/namespaces', { metadata: { name } }),
  )
  await forEachService(async (service, slice) => {
    await client.send('POST', collectionPath('api/v1', service, 'services'), service)
    await client.send('POST', collectionPath(slicesPath, slice, 'endpointslices'), slice)
  }, 0)
}

/** Another port of every Service, and other addresses and ports in every slice. */
export async function changeBigCluster(client: ClusterClient, version: number): Promise<void> {
  await forEachService(async (service, slice) => {
    const path = collectionPath('api/v1', service, 'services')
    const { ports } = service['spec'] as { readonly ports: readonly object[] }
    await client.send('PATCH', `${path}/${service.metadata.name}`, { spec: { ports } })
    const { metadata, ports: endpointPorts, endpoints } = slice
    await client.send(
      'PATCH',
      `${collectionPath(slicesPath, slice, 'endpointslices')}/${metadata.name}`,
      { ports: endpointPorts, endpoints },
    )
  }, version)
}

/** Services and slices are independent to whoever watches; those of one Service come one after the other. */
async function forEachService(
  work: (service: ApiManifest, slice: ApiManifest) => Promise<void>,
  version: number,
): Promise<void> {
  const cluster = { ...bigCluster, version }
  const indexes = Array.from({ length: bigCluster.services }, (_, index) => index)
  await inParallel(indexes, index =>
    work(serviceObject(index, cluster), sliceObject(index, cluster)),
  )
}

function collectionPath(root: string, { metadata }: ApiManifest, plural: string): string {
  return `/${root}/namespaces/${metadata.namespace}/${plural}`
}

async function inParallel<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const rest = items.values()
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      // One iterator for all workers: each item is taken once.
      for (const item of rest) await work(item)
    }),
  )
}
