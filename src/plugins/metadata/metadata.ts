import { isInZone, parseName } from '../../dns/wire-name.ts'
import type { Query } from '../handler.ts'
import type { Link, Plugin } from '../plugin.ts'
import { readZones } from '../read-zones.ts'

const none: Query['metadata'] = new Map()

export interface MetadataSettings {
  readonly zones: readonly string[]
}

/** Lets plugins tell each other, and the query log, what they know of a query. */
export const metadata: Plugin<MetadataSettings> = {
  name: 'metadata',
  read(directive, place) {
    const zones = readZones(directive, place.zones)
    directive.end()
    return { zones }
  },
  serve([settings], { links }) {
    const zones = settings!.zones.map(zone => parseName(zone)!)
    return {
      handle: (query, next) => next(query),
      // On the fast path nobody asks: what logs metadata closes it.
      leavesClusterAnswers: true,
      prepare: query => ({
        ...query,
        metadata: zones.some(zone => isInZone(query.name, zone)) ? collect(links, query) : none,
      }),
    }
  },
}

/**
 * What all links know of the query; nothing of the one that may have led to it, which had another name. What it is worth is found
 * out when somebody asks.
 */
function collect(links: readonly Link[], query: Query): Query['metadata'] {
  const collected = new Map<string, () => string>()
  for (const link of links) {
    for (const [name, value] of link.metadata?.(query) ?? []) collected.set(name, value)
  }
  return collected
}
