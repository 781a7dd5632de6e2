import type { Cidr } from '../lib/cidr.ts'
import type { Change } from '../objects/change.ts'
import type { Pod } from '../objects/pod.ts'
import type { Service } from '../objects/service.ts'
import type { Workload, WorkloadKind } from '../objects/workload.ts'

/** One step of the objects that endpoints are computed from. Pods are the ones given as such. */
export type EndpointsChange = PodSourceChange | ObjectChange<Service>

export type PodSourceChange = ObjectChange<Pod> | ObjectChange<Workload>

type ObjectChange<Kind extends Service | Pod | Workload> =
  | { readonly type: 'upsert'; readonly object: Kind }
  | {
      readonly type: 'delete'
      readonly kind: Kind['kind']
      readonly namespace: string
      readonly name: string
    }

/** What could not be done as the manifests ask. The rest of them is not touched by it. */
export type EndpointsProblem =
  | {
      /** Pods stay Pending until an address is free again. */
      readonly code: 'pod-range-full'
      readonly cidr: Cidr
      /** How many pods of this step found no address, and `namespace/name` of the first of them. */
      readonly pods: number
      readonly firstPod: string
      /** Whose pod that is; left out for one given as such. */
      readonly workload?: WorkloadReference
      readonly message: string
    }
  | {
      /** `bad-host-name`: a StatefulSet whose pods the API server would refuse. */
      readonly code: 'too-many-replicas' | 'bad-host-name'
      readonly kind: WorkloadKind
      readonly namespace: string
      readonly name: string
      readonly message: string
    }

export type WorkloadReference = Pick<Workload, 'kind' | 'namespace' | 'name'>

/** What follows from a step: changes of Pods and EndpointSlices, nothing else. */
export interface EndpointsOutcome {
  readonly changes: readonly Change[]
  readonly problems: readonly EndpointsProblem[]
}
