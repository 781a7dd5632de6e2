import { type Change, type ClusterObject, objectKey } from '../objects/change.ts'
import type { EndpointSlice } from '../objects/endpoint-slice.ts'
import type { Namespace } from '../objects/namespace.ts'
import type { Pod } from '../objects/pod.ts'
import type { Service } from '../objects/service.ts'
import type { Cluster, ObjectChange, ServiceChange, ServiceView, StoreDelta } from './cluster.ts'
import { isEqual, reuseEqualSlice } from './reuse-equal.ts'

/**
 * The cluster as it is now. Objects may come in any order: a slice before its Service or after it is
 * gone, either before their Namespace. An upsert that says nothing new changes nothing.
 */
export class ServiceStore implements Cluster {
  readonly #namespaces = new Map<string, Namespace>()
  /** By namespace, then name. */
  readonly #views = new Map<string, Map<string, ServiceView>>()
  /** By `namespace/name`: finds the service that a slice belonged to. */
  readonly #slices = new Map<string, EndpointSlice>()
  readonly #pods = new Map<string, Pod>()

  /** Applies a batch as one step: a service of which several slices change is reported once. */
  apply(changes: Iterable<Change>): StoreDelta {
    const batch = new Batch()
    for (const change of changes) {
      if (change.type === 'upsert') this.#upsert(change.object, batch)
      else this.#delete(change, batch)
    }
    return batch.finish(this)
  }

  /** The delta that leads from nothing to the present state, for a reader that starts late. */
  everything(): StoreDelta {
    const services: ServiceChange[] = []
    for (const views of this.#views.values()) {
      for (const after of views.values()) {
        services.push({ namespace: after.namespace, name: after.name, before: undefined, after })
      }
    }
    return {
      services,
      namespaces: appear(this.#namespaces),
      pods: appear(this.#pods),
      cluster: this,
    }
  }

  namespace(name: string): Namespace | undefined {
    return this.#namespaces.get(name)
  }

  namespaces(): Iterable<Namespace> {
    return this.#namespaces.values()
  }

  service(namespace: string, name: string): ServiceView | undefined {
    return this.#views.get(namespace)?.get(name)
  }

  services(namespace: string): Iterable<ServiceView> {
    return this.#views.get(namespace)?.values() ?? []
  }

  pods(): Iterable<Pod> {
    return this.#pods.values()
  }

  #upsert(object: ClusterObject, batch: Batch): void {
    switch (object.kind) {
      case 'Namespace':
        return replace(this.#namespaces, batch.namespaces, { key: object.name, object })
      case 'Pod':
        return replace(this.#pods, batch.pods, { key: objectKey(object), object })
      case 'Service':
        return this.#replaceService(object, object, batch)
      case 'EndpointSlice': {
        const previous = this.#slices.get(objectKey(object))
        const slice = previous ? reuseEqualSlice(previous, object) : object
        return this.#replaceSlice(previous, slice, batch)
      }
    }
  }

  #delete(change: Change & { type: 'delete' }, batch: Batch): void {
    switch (change.kind) {
      case 'Namespace':
        return replace(this.#namespaces, batch.namespaces, { key: change.name, object: undefined })
      case 'Pod':
        return replace(this.#pods, batch.pods, { key: objectKey(change), object: undefined })
      case 'Service':
        return this.#replaceService(change, undefined, batch)
      case 'EndpointSlice':
        return this.#replaceSlice(this.#slices.get(objectKey(change)), undefined, batch)
    }
  }

  #replaceService(key: ServiceKey, service: Service | undefined, batch: Batch): void {
    const view = this.service(key.namespace, key.name)
    if (isEqual(view?.service, service)) return
    const { namespace, name } = key
    this.#setView({ namespace, name, service, slices: view?.slices ?? [] }, batch)
  }

  #replaceSlice(
    previous: EndpointSlice | undefined,
    next: EndpointSlice | undefined,
    batch: Batch,
  ): void {
    if (previous === next) return
    if (next) this.#slices.set(objectKey(next), next)
    else if (previous) this.#slices.delete(objectKey(previous))
    if (previous && previous.serviceName !== next?.serviceName) {
      this.#setSlices(previous, batch, slices => without(slices, previous.name))
    }
    if (next) {
      this.#setSlices(next, batch, slices => insert(slices, next))
    }
  }

  #setSlices(
    slice: EndpointSlice,
    batch: Batch,
    edit: (slices: readonly EndpointSlice[]) => readonly EndpointSlice[],
  ): void {
    if (slice.serviceName === '') return
    const { namespace, serviceName: name } = slice
    const view = this.service(namespace, name)
    this.#setView(
      { namespace, name, service: view?.service, slices: edit(view?.slices ?? []) },
      batch,
    )
  }

  #setView(view: ServiceView, batch: Batch): void {
    let views = this.#views.get(view.namespace)
    if (!views) this.#views.set(view.namespace, (views = new Map<string, ServiceView>()))
    batch.noteService(view, views.get(view.name))
    if (view.service || view.slices.length > 0) views.set(view.name, view)
    else views.delete(view.name)
    if (views.size === 0) this.#views.delete(view.namespace)
  }
}

interface ServiceKey {
  readonly namespace: string
  readonly name: string
}

/** What each affected key was before the batch. */
class Batch {
  readonly namespaces = new Map<string, ObjectChange<Namespace>>()
  readonly pods = new Map<string, ObjectChange<Pod>>()
  readonly #services = new Map<string, ServiceKey & { before: ServiceView | undefined }>()

  noteService(key: ServiceKey, before: ServiceView | undefined): void {
    const id = objectKey(key)
    if (!this.#services.has(id)) this.#services.set(id, { ...keyOf(key), before })
  }

  finish(cluster: Cluster): StoreDelta {
    const services: ServiceChange[] = []
    for (const { namespace, name, before } of this.#services.values()) {
      const after = cluster.service(namespace, name)
      if (!isSameView(before, after)) services.push({ namespace, name, before, after })
    }
    return {
      services,
      namespaces: [...this.namespaces.values()].filter(differs),
      pods: [...this.pods.values()].filter(differs),
      cluster,
    }
  }
}

function appear<Kind>(objects: Map<string, Kind>): ObjectChange<Kind>[] {
  return Array.from(objects.values(), after => ({ before: undefined, after }))
}

function differs(change: ObjectChange<unknown>): boolean {
  return change.before !== change.after
}

function replace<Kind>(
  objects: Map<string, Kind>,
  noted: Map<string, ObjectChange<Kind>>,
  { key, object }: { key: string; object: Kind | undefined },
): void {
  const previous = objects.get(key)
  if (isEqual(previous, object)) return
  noted.set(key, { before: noted.has(key) ? noted.get(key)!.before : previous, after: object })
  if (object === undefined) objects.delete(key)
  else objects.set(key, object)
}

function isSameView(a: ServiceView | undefined, b: ServiceView | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return (
    a.service === b.service &&
    a.slices.length === b.slices.length &&
    a.slices.every((slice, position) => slice === b.slices[position])
  )
}

function keyOf({ namespace, name }: ServiceKey): ServiceKey {
  return { namespace, name }
}

function without(slices: readonly EndpointSlice[], name: string): readonly EndpointSlice[] {
  return slices.filter(slice => slice.name !== name)
}

/** `toSpliced` makes arrays without room for more: there are as many as Services. */
function insert(slices: readonly EndpointSlice[], slice: EndpointSlice): readonly EndpointSlice[] {
  const at = slices.findIndex(other => other.name >= slice.name)
  const replaced = slices[at]?.name === slice.name ? 1 : 0
  return slices.toSpliced(at < 0 ? slices.length : at, replaced, slice)
}
