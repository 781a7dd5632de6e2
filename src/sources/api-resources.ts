import { reduceEndpointSlice } from '../objects/endpoint-slice.ts'
import type { ClusterObject } from '../objects/change.ts'
import { reduceNamespace } from '../objects/namespace.ts'
import { reducePod } from '../objects/pod.ts'
import type { RawObject } from '../objects/raw-value.ts'
import { reduceService } from '../objects/service.ts'
import type { ApiResource } from '../reflector/api-resource.ts'

/** What of an API server is looked at, and what is kept of it. */
export interface ReducedResource {
  readonly kind: ClusterObject['kind']
  readonly resource: ApiResource
  reduce(api: RawObject): ClusterObject
}

export interface ReducedResourceOptions {
  /** Labels of slices: only where a selector looks at them. */
  readonly sliceLabels: 'keep' | 'drop'
}

/** What is always looked at. In the order in which they are asked for, the largest first. */
export function reducedResources({ sliceLabels }: ReducedResourceOptions): ReducedResource[] {
  return [
    {
      kind: 'EndpointSlice',
      resource: {
        group: 'discovery.k8s.io',
        version: 'v1',
        plural: 'endpointslices',
        pageSize: 100,
      },
      reduce: api => reduceEndpointSlice(api, { labels: sliceLabels }),
    },
    {
      kind: 'Service',
      resource: { group: '', version: 'v1', plural: 'services', pageSize: 500 },
      reduce: reduceService,
    },
    {
      kind: 'Namespace',
      resource: { group: '', version: 'v1', plural: 'namespaces', pageSize: 500 },
      reduce: reduceNamespace,
    },
  ]
}

export const podResource: ReducedResource = {
  kind: 'Pod',
  resource: {
    group: '',
    version: 'v1',
    plural: 'pods',
    pageSize: 250,
    // The address of a pod that has ended is another pod's.
    fieldSelector: 'status.phase!=Succeeded,status.phase!=Failed',
  },
  reduce: reducePod,
}
