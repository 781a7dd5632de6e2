import type { QueryScan } from '../dns/query-scan.ts'
import { RrType } from '../dns/rr-type.ts'
import { isInZone, renderName, type WireName } from '../dns/wire-name.ts'
import type { Exchange } from '../plugins/exchange.ts'
import type { Query } from '../plugins/handler.ts'
import type { ServedBlock } from './served-block.ts'

/** Where a question goes. */
export interface Route {
  readonly zone: WireName
  /** The zone as text: `cluster.local.`. */
  readonly zoneText: string
  readonly block: ServedBlock
}

/** The server blocks of one listener: a question goes to the one with the longest zone that it is in. */
export class BlockRouter {
  /** Some block asks for more than the zone. */
  readonly isFiltered: boolean
  /** Hears of every reply to a query that no block takes. */
  readonly observeDropped: (exchange: Exchange) => void
  readonly #routes: readonly Route[]

  constructor(
    blocks: readonly ServedBlock[],
    observeDropped: (exchange: Exchange) => void = () => {},
  ) {
    this.observeDropped = observeDropped
    this.isFiltered = blocks.some(block => block.isFiltered)
    this.#routes = blocks
      .flatMap(block => block.zones.map(zone => ({ zone, zoneText: renderName(zone), block })))
      .toSorted((a, b) => b.zone.length - a.zone.length)
  }

  /**
   * The block of a scanned question, and its zone; `undefined` where none has its zone. The query is needed where blocks ask for more than the
   * zone. Questions for DS records belong to the parent of the zone, RFC 4035 §3.1.4.1.
   */
  find(scan: QueryScan, query: Query | undefined): Route | undefined {
    let ofParent: Route | undefined
    for (let i = 0; i < this.#routes.length; i++) {
      const route = this.#routes[i]!
      const { zone, block } = route
      if (!isInZone(scan.name, zone, scan.nameBytes)) continue
      if (query && block.isFiltered && !block.accepts(query)) continue
      if (scan.type !== RrType.ds || scan.nameBytes > zone.length) return route
      ofParent ??= route
    }
    return ofParent
  }
}
