import type { PeerRoute } from '../admission/admission-peer.ts'
import type { Reviewer } from '../admission/review.ts'
import type { Cidr } from '../lib/cidr.ts'
import type { Logger } from '../lib/logger.ts'
import type { MetricCells } from '../lib/metric-cells.ts'
import type { Change, ClusterObject } from '../objects/change.ts'
import { reduceNamespace } from '../objects/namespace.ts'
import type { RawObject } from '../objects/raw-value.ts'
import { reduceService } from '../objects/service.ts'
import { ServiceStore } from '../store/service-store.ts'
import type { FollowedResource } from './admission-feed.ts'

export interface AdmissionPartsOptions {
  /** Where the cluster does not say it itself: before Kubernetes 1.33 it does not. */
  readonly serviceCidrs: readonly Cidr[]
  /** The text of `--config`; `undefined` without one. */
  readonly policies: string | undefined
  readonly logger: Logger
  readonly cells: MetricCells
}

/** The webhooks there are, and the objects that they go by. */
export interface AdmissionParts {
  /** By path: `/pods`. */
  readonly reviewers: ReadonlyMap<string, Reviewer>
  /** What replicas ask each other, by path. */
  readonly peers: ReadonlyMap<string, PeerRoute>
  readonly resources: readonly FollowedResource[]
  /** Sets the gauges that are not set as things happen. */
  publish(): void
}

/** The one place where webhooks are listed and get what they go by. */
export function createAdmissionParts(_options: AdmissionPartsOptions): AdmissionParts {
  const store = new ServiceStore()
  const apply = (change: Change): void => void store.apply([change])
  return {
    reviewers: new Map<string, Reviewer>([
      ['/services', leaveAsItIs],
      ['/pods', leaveAsItIs],
    ]),
    peers: new Map(),
    resources: [
      inStore('Service', { plural: 'services', reduce: reduceService }, apply),
      inStore('Namespace', { plural: 'namespaces', reduce: reduceNamespace }, apply),
    ],
    publish: () => {},
  }
}

const leaveAsItIs: Reviewer = () => ({
  allowed: true,
  patch: [],
  warnings: [],
  audit: {},
  outcome: 'none',
})

/** A resource of the core group whose objects are kept in the store. */
function inStore(
  kind: ClusterObject['kind'],
  {
    plural,
    reduce,
  }: { readonly plural: string; readonly reduce: (api: RawObject) => ClusterObject },
  apply: (change: Change) => void,
): FollowedResource {
  return {
    resource: { group: '', version: 'v1', plural, pageSize: 500 },
    need: 'required',
    sink: {
      upsert: api => apply({ type: 'upsert', object: reduce(api) }),
      delete: ({ namespace, name }) => apply({ type: 'delete', kind, namespace, name }),
    },
  }
}
