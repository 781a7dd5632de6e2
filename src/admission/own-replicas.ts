import { familyOfText } from '../lib/ip.ts'
import { renderHostPort } from '../lib/host-port.ts'
import type { EndpointSlice } from '../objects/endpoint-slice.ts'
import type { OwnerPeer, Replicas } from './service-owners.ts'

export interface OwnReplicasOptions {
  /** `10.244.1.7:8443`: the address and port as they stand in the EndpointSlice. */
  readonly self: string
  /** The name of the webhook's own Service, in the one namespace that is looked at. */
  readonly serviceName: string
  readonly connect: (replica: string) => OwnerPeer
}

/** The replicas that get requests, by the EndpointSlices of the webhook's own Service. */
export class OwnReplicas implements Replicas {
  readonly self: string
  readonly #serviceName: string
  readonly #connect: (replica: string) => OwnerPeer
  readonly #slices = new Map<string, EndpointSlice>()
  #ready: readonly string[] = []

  constructor({ self, serviceName, connect }: OwnReplicasOptions) {
    this.self = self
    this.#serviceName = serviceName
    this.#connect = connect
  }

  ready(): readonly string[] {
    return this.#ready
  }

  peer(replica: string): OwnerPeer {
    return this.#connect(replica)
  }

  applySlice(slice: EndpointSlice): void {
    if (slice.serviceName === this.#serviceName) this.#slices.set(slice.name, slice)
    else this.#slices.delete(slice.name)
    this.#ready = readyIn([...this.#slices.values()])
  }

  deleteSlice(name: string): void {
    this.#slices.delete(name)
    this.#ready = readyIn([...this.#slices.values()])
  }
}

/** Of a dual-stack Service the IPv4 slices count, so that each replica is there once; those of IPv6 where there are no others. */
function readyIn(slices: readonly EndpointSlice[]): readonly string[] {
  const addressType = slices.some(slice => slice.addressType === 'IPv4') ? 'IPv4' : 'IPv6'
  const found = slices
    .filter(slice => slice.addressType === addressType)
    .flatMap(({ endpoints, ports }) => {
      const port = ports[0]?.port
      if (port === undefined) return []
      return endpoints
        .filter(({ ready, address }) => ready && familyOfText(address) === addressType)
        .map(({ address }) => renderHostPort({ address, family: addressType, port }))
    })
  return [...new Set(found)].sort()
}
