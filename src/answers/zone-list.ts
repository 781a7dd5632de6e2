import type { WireName } from '../dns/wire-name.ts'
import type { Arena } from './arena.ts'
import type { CompiledZone } from './compiled-answer.ts'
import { alignUp, Head, maxZonePointers, zoneHeadBytes } from './layout.ts'

/** Writes the list of zones as one block and swaps it in, because SOA serials change with every batch. */
export class ZoneListWriter {
  readonly #arena: Arena
  #zones: readonly CompiledZone[] = []
  #block = { offset: 0, size: 0 }

  constructor(arena: Arena) {
    this.#arena = arena
  }

  /** True when the name that begins at `start` of `name` is the apex of a zone. */
  isApex(name: WireName, start: number): boolean {
    const length = name.length - start
    for (const zone of this.#zones) {
      if (zone.name.length !== length) continue
      let i = 0
      while (i < length && zone.name[i] === name[start + i]) i++
      if (i === length) return true
    }
    return false
  }

  write(zones: readonly CompiledZone[]): void {
    let size = 8
    for (const zone of zones) {
      if (zone.pointers.length > maxZonePointers) {
        throw new RangeError(
          `Cannot keep a SOA with ${zone.pointers.length} pointers: at most ${maxZonePointers}`,
        )
      }
      size += alignUp(zoneHeadBytes + zone.name.length + zone.soa.length, 2)
    }
    const block = this.#arena.allocate(size)
    const { bytes, u16, u32 } = this.#arena
    u32[block.offset >> 2] = zones.length
    u32[(block.offset >> 2) + 1] = block.size
    let at = block.offset + 8
    for (const zone of zones) {
      u16[at >> 1] = zone.name.length
      u16[(at >> 1) + 1] = zone.soa.length
      u16[(at >> 1) + 2] = zone.pointers.length
      for (const [i, pointer] of zone.pointers.entries()) u16[(at >> 1) + 3 + i] = pointer
      bytes.set(zone.name, at + zoneHeadBytes)
      bytes.set(zone.soa, at + zoneHeadBytes + zone.name.length)
      at += alignUp(zoneHeadBytes + zone.name.length + zone.soa.length, 2)
    }
    Atomics.store(this.#arena.words, Head.zones, block.offset)
    if (this.#block.size > 0) this.#arena.retire(this.#block.offset, this.#block.size)
    this.#block = block
    this.#zones = zones
  }
}
