import { type Change, objectKey } from '../objects/change.ts'
import { type EndpointSlice, isMirroredSlice } from '../objects/endpoint-slice.ts'
import type { Service } from '../objects/service.ts'
import type { ServiceKey } from './service-registry.ts'

/**
 * Slices that mirror Endpoints objects count only for Services without a selector, as with the mirroring controller of
 * Kubernetes: the endpoints of others are computed.
 */
export class GivenSlices {
  /** By the Service's key, then the slice's name. */
  readonly #slices = new Map<string, Map<string, EndpointSlice>>()
  /** By the slice's own key: that of its Service. */
  readonly #serviceKeys = new Map<string, string>()
  readonly #selecting = new Set<string>()

  /** Passes a slice on: as it is when it is no mirror, and only while it counts when it is one. */
  upsert(slice: EndpointSlice): Change[] {
    if (!isMirroredSlice(slice)) return [{ type: 'upsert', object: slice }]
    const key = serviceKeyOf(slice)
    const slices = this.#slices.get(key) ?? new Map<string, EndpointSlice>()
    this.#slices.set(key, slices.set(slice.name, slice))
    this.#serviceKeys.set(objectKey(slice), key)
    return this.#selecting.has(key) ? [] : [{ type: 'upsert', object: slice }]
  }

  delete({ namespace, name }: ServiceKey): Change[] {
    const key = this.#serviceKeys.get(objectKey({ namespace, name })) ?? ''
    const slices = this.#slices.get(key)
    if (slices?.delete(name) && slices.size === 0) this.#slices.delete(key)
    this.#serviceKeys.delete(objectKey({ namespace, name }))
    return [{ type: 'delete', kind: 'EndpointSlice', namespace, name }]
  }

  /** Notes what a Service has become; `undefined` when it is gone. */
  follow(key: ServiceKey, service: Service | undefined): Change[] {
    const text = objectKey(key)
    const selects = service?.selector !== undefined
    if (this.#selecting.has(text) === selects) return []
    if (selects) this.#selecting.add(text)
    else this.#selecting.delete(text)
    return [...(this.#slices.get(text)?.values() ?? [])].map(slice =>
      selects
        ? { type: 'delete', kind: 'EndpointSlice', namespace: slice.namespace, name: slice.name }
        : { type: 'upsert', object: slice },
    )
  }
}

function serviceKeyOf(slice: EndpointSlice): string {
  return objectKey({ namespace: slice.namespace, name: slice.serviceName })
}
