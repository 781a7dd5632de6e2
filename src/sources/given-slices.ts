import { type Change, objectKey } from '../objects/change.ts'
import { type EndpointSlice, isMirroredSlice } from '../objects/endpoint-slice.ts'
import type { Service } from '../objects/service.ts'
import type { ServiceKey } from './service-registry.ts'

/** One Service's slices by name: those there are in manifests, and those of them that count. */
interface ServiceSlices {
  readonly given: Map<string, EndpointSlice>
  readonly counting: Map<string, EndpointSlice>
}

/**
 * Which slices of manifests count, so that no endpoint is there twice. Those made by hand do. The others say again what the
 * manifests may say elsewhere, and count only where they do not:
 *
 * - our mirrors of Endpoints, while the Service has no selector, as with the mirroring controller of Kubernetes;
 * - slices that an exported cluster made from pods, while no endpoint of the Service is computed from pods;
 * - slices that it made from Endpoints, while there are none of the Service.
 */
export class GivenSlices {
  readonly #isComputed: (key: ServiceKey) => boolean
  /** By the Service's key. */
  readonly #services = new Map<string, ServiceSlices>()
  /** By the slice's own key, that of its Service. */
  readonly #serviceKeys = new Map<string, ServiceKey>()
  readonly #selecting = new Set<string>()
  /** Services with slices made from pods, by their keys: what was computed decides on them. */
  readonly #madeFromPods = new Map<string, ServiceKey>()
  readonly #touched = new Map<string, ServiceKey>()

  /** `isComputed` says whether a Service has endpoints that were computed from pods, as of now. */
  constructor(isComputed: (key: ServiceKey) => boolean) {
    this.#isComputed = isComputed
  }

  upsert(slice: EndpointSlice): void {
    this.delete(slice)
    const key = { namespace: slice.namespace, name: slice.serviceName }
    const text = objectKey(key)
    let service = this.#services.get(text)
    if (!service) this.#services.set(text, (service = { given: new Map(), counting: new Map() }))
    service.given.set(slice.name, slice)
    this.#serviceKeys.set(objectKey(slice), key)
    this.#touched.set(text, key)
    if (slice.madeFrom === 'pods') this.#madeFromPods.set(text, key)
  }

  delete(slice: ServiceKey): void {
    const key = this.#serviceKeys.get(objectKey(slice))
    if (!key) return
    this.#serviceKeys.delete(objectKey(slice))
    this.#services.get(objectKey(key))?.given.delete(slice.name)
    this.#touched.set(objectKey(key), key)
  }

  /** Notes what a Service has become; `undefined` when it is gone. */
  follow({ namespace, name }: ServiceKey, service: Service | undefined): void {
    const text = objectKey({ namespace, name })
    const selects = service?.selector !== undefined
    if (this.#selecting.has(text) === selects) return
    if (selects) this.#selecting.add(text)
    else this.#selecting.delete(text)
    this.#touched.set(text, { namespace, name })
  }

  /** What all of it means for the slices that count; to be called when the step's endpoints are computed. */
  settle(): Change[] {
    for (const [text, key] of this.#madeFromPods) this.#touched.set(text, key)
    const upserts: Change[] = []
    const deletes: Change[] = []
    for (const [text, key] of this.#touched) {
      const service = this.#services.get(text)
      if (!service) continue
      const { given, counting } = service
      const counts = this.#whatCounts(key, service)
      for (const [name, slice] of given) {
        if (!counts(slice) || counting.get(name) === slice) continue
        counting.set(name, slice)
        upserts.push({ type: 'upsert', object: slice })
      }
      for (const [name, slice] of counting) {
        const now = given.get(name)
        if (now && counts(now)) continue
        counting.delete(name)
        deletes.push({ type: 'delete', kind: 'EndpointSlice', namespace: slice.namespace, name })
      }
      if (given.size === 0) this.#services.delete(text)
      if (![...given.values()].some(slice => slice.madeFrom === 'pods'))
        this.#madeFromPods.delete(text)
    }
    this.#touched.clear()
    // A slice that went from one Service to another is both.
    return [...deletes, ...upserts]
  }

  #whatCounts(key: ServiceKey, { given }: ServiceSlices): (slice: EndpointSlice) => boolean {
    const selects = this.#selecting.has(objectKey(key))
    const isComputed = this.#isComputed(key)
    const hasMirror = [...given.values()].some(isMirroredSlice)
    return slice => {
      if (isMirroredSlice(slice)) return !selects
      if (slice.madeFrom === 'pods') return !isComputed
      return slice.madeFrom === undefined || !hasMirror
    }
  }
}
