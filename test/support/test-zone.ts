import type { Change } from '../../src/objects/change.ts'
import { ServiceStore } from '../../src/store/service-store.ts'
import { ClusterZone } from '../../src/zone/cluster-zone.ts'
import type { ClusterZoneOptions } from '../../src/zone/cluster-zone-options.ts'
import { MapSink } from './map-sink.ts'

/** A store, a zone behind it and a sink that can be asked. */
export class TestZone {
  readonly sink = new MapSink()
  readonly #store = new ServiceStore()
  readonly #zone: ClusterZone

  constructor(options: ClusterZoneOptions = {}) {
    this.#zone = new ClusterZone(options, this.sink)
  }

  apply(changes: readonly Change[], nowSeconds = 1) {
    return this.#zone.apply(this.#store.apply(changes), nowSeconds)
  }

  ask = (message: Buffer) => this.sink.ask(message)

  serials(): number[] {
    return this.sink.zones.map(({ soa }) => Buffer.from(soa).readUInt32BE(soa.length - 20))
  }
}
