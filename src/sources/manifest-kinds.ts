import type { ClusterObject } from '../objects/change.ts'
import { reduceEndpoints, reduceEndpointSlice } from '../objects/endpoint-slice.ts'
import type { FieldProblem } from '../objects/field-reader.ts'
import { reduceNamespace } from '../objects/namespace.ts'
import { reducePod } from '../objects/pod.ts'
import type { RawObject } from '../objects/raw-value.ts'
import { reduceService } from '../objects/service.ts'
import { validateEndpointSlice } from '../objects/validate-endpoint-slice.ts'
import { validateEndpoints } from '../objects/validate-endpoints.ts'
import { validateNamespace } from '../objects/validate-namespace.ts'
import { validatePod } from '../objects/validate-pod.ts'
import { validateService } from '../objects/validate-service.ts'
import { validateWorkload } from '../objects/validate-workload.ts'
import { reduceWorkload, type Workload, workloadKinds } from '../objects/workload.ts'

/** What a folder of manifests can hold, reduced. */
export type ManifestedObject = ClusterObject | Workload

/** A kind that is read from manifests. Every other kind is counted and ignored. */
export interface ManifestKind {
  readonly apiVersion: string
  readonly scope: 'namespaced' | 'cluster'
  readonly validate: (api: RawObject) => readonly FieldProblem[]
  /** An Endpoints object becomes several slices, everything else one object. */
  readonly reduce: (api: RawObject) => readonly ManifestedObject[]
}

const workload: ManifestKind = {
  apiVersion: 'apps/v1',
  scope: 'namespaced',
  validate: validateWorkload,
  reduce: api => [reduceWorkload(api)],
}

export const manifestKinds: ReadonlyMap<string, ManifestKind> = new Map<string, ManifestKind>([
  [
    'Namespace',
    {
      apiVersion: 'v1',
      scope: 'cluster',
      validate: validateNamespace,
      reduce: api => [reduceNamespace(api)],
    },
  ],
  [
    'Service',
    {
      apiVersion: 'v1',
      scope: 'namespaced',
      validate: validateService,
      reduce: api => [reduceService(api)],
    },
  ],
  [
    'Pod',
    {
      apiVersion: 'v1',
      scope: 'namespaced',
      validate: validatePod,
      reduce: api => [reducePod(api)],
    },
  ],
  [
    'EndpointSlice',
    {
      apiVersion: 'discovery.k8s.io/v1',
      scope: 'namespaced',
      validate: validateEndpointSlice,
      reduce: api => [reduceEndpointSlice(api)],
    },
  ],
  [
    'Endpoints',
    {
      apiVersion: 'v1',
      scope: 'namespaced',
      validate: validateEndpoints,
      reduce: reduceEndpoints,
    },
  ],
  ...workloadKinds.map(kind => [kind, workload] as const),
])

/** `apps` of `apps/v1`; '' for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}
