import { sliceLabels } from '../objects/endpoint-slice.ts'
import { type LabelSelector, matchesSelector } from '../objects/label-selector.ts'
import type { Labels } from '../objects/labels.ts'
import type { Cluster, ObjectChange, ServiceView, StoreDelta } from '../store/cluster.ts'
import { type ClusterZoneOptions, resolveSelector } from './cluster-zone-options.ts'

/**
 * The part of the cluster that a zone is made from: what the options `labels` and `noEndpoints` leave of it. The objects are
 * those of the cluster, only the views are made anew, and none where everything is left.
 */
export class ClusterSelection {
  readonly #selector: LabelSelector
  readonly #hasEndpoints: boolean

  constructor({ labels, noEndpoints }: Pick<ClusterZoneOptions, 'labels' | 'noEndpoints'>) {
    this.#selector = resolveSelector(labels ?? '')
    this.#hasEndpoints = !noEndpoints
  }

  /** The same changes as they look in the selection; some of them may come to nothing. */
  select(delta: StoreDelta): StoreDelta {
    if (this.#selector.length === 0 && this.#hasEndpoints) return delta
    return {
      services: delta.services.map(({ namespace, name, before, after }) => ({
        namespace,
        name,
        before: this.#selectView(before),
        after: this.#selectView(after),
      })),
      namespaces: delta.namespaces,
      pods: delta.pods.map(change => this.#selectChange(change)),
      cluster: this.#selectCluster(delta.cluster),
    }
  }

  #selectCluster(cluster: Cluster): Cluster {
    return {
      namespace: name => cluster.namespace(name),
      namespaces: () => cluster.namespaces(),
      service: (namespace, name) => this.#selectView(cluster.service(namespace, name)),
      services: namespace =>
        Array.from(cluster.services(namespace)).flatMap(view => this.#selectView(view) ?? []),
      pods: () => Array.from(cluster.pods()).filter(({ labels }) => this.#matches(labels)),
    }
  }

  /** `undefined` when nothing of the view is left. */
  #selectView(view: ServiceView | undefined): ServiceView | undefined {
    if (!view) return undefined
    const service = view.service && this.#matches(view.service.labels) ? view.service : undefined
    const slices = this.#hasEndpoints
      ? view.slices.filter(slice => this.#matches(sliceLabels(slice)))
      : []
    if (!service && slices.length === 0) return undefined
    return { namespace: view.namespace, name: view.name, service, slices }
  }

  #selectChange<Kind extends { readonly labels: Labels }>({
    before,
    after,
  }: ObjectChange<Kind>): ObjectChange<Kind> {
    return {
      before: before && this.#matches(before.labels) ? before : undefined,
      after: after && this.#matches(after.labels) ? after : undefined,
    }
  }

  #matches(labels: Labels): boolean {
    return this.#selector.length === 0 || matchesSelector(this.#selector, labels)
  }
}
