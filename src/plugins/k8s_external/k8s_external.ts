import type { Argument } from '../../corefile/argument.ts'
import type { Directive } from '../../corefile/directive.ts'
import { countBetween } from '../../corefile/number-arguments.ts'
import { classIn } from '../../dns/header.ts'
import { Rcode } from '../../dns/rcode.ts'
import { isTransferType } from '../../dns/rr-type.ts'
import { isInZone, parseName, type WireName } from '../../dns/wire-name.ts'
import { followAlias } from '../follow-alias.ts'
import { TableReplies } from '../table-replies.ts'
import type { BlockPlace, Plugin } from '../plugin.ts'
import { readZones } from '../read-zones.ts'

/** What a `k8s_external` directive says. Zones are lower case with a final dot. */
export interface ExternalSettings {
  readonly zones: readonly string[]
  /** One label: the name servers are `ns1` below it. */
  readonly apexLabel: string
  readonly ttlSeconds: number
  readonly headless: boolean
  /** Zones whose missing names are left to the next plugin. */
  readonly fallthrough: readonly string[]
}

/**
 * Services by the addresses that they have outside of the cluster. Their names are in the answer table, which the control thread
 * keeps (src/zone/external-zone.ts).
 */
export const k8sExternal: Plugin<ExternalSettings> = {
  name: 'k8s_external',
  read: readExternal,
  serve: ([settings], context) => {
    const zones = settings!.zones.map(zone => parseName(zone)!)
    const fallthrough = settings!.fallthrough.map(zone => parseName(zone)!)
    const replies = new TableReplies(context)
    const isOurs = (name: WireName): boolean => zones.some(zone => isInZone(name, zone))
    const fallsThrough = (name: WireName): boolean => fallthrough.some(zone => isInZone(name, zone))
    return {
      handle: (query, next) => {
        if (query.class !== classIn || !isOurs(query.name)) return next()
        if (isTransferType(query.type)) return { rcode: Rcode.refused, authoritative: false }
        const found = replies.answer(query)
        if (!found) return next()
        if (found.rcode === Rcode.nxDomain && fallsThrough(query.name)) return next()
        return 'alias' in found ? followAlias(query, found, context.askServer) : found
      },
      table: {
        isMissingOpen: ({ name, nameBytes }) => {
          if (fallthrough.length === 0) return false
          const missing = name.subarray(0, nameBytes)
          return isOurs(missing) && fallsThrough(missing)
        },
        aliases: 'leave',
      },
    }
  },
}

const label: Argument<string> = {
  expected: 'a label like dns',
  parse: word =>
    /^[a-z\d](?:[-a-z\d]{0,61}[a-z\d])?$/i.test(word) ? word.toLowerCase() : undefined,
}

function readExternal(directive: Directive, place: BlockPlace): ExternalSettings {
  let settings: ExternalSettings = {
    zones: readZones(directive, place.zones),
    apexLabel: 'dns',
    ttlSeconds: 5,
    headless: false,
    fallthrough: [],
  }
  const set = (changes: Partial<ExternalSettings>): void => {
    settings = { ...settings, ...changes }
  }
  directive.block({
    ttl: line => set({ ttlSeconds: line.one(countBetween(0, 3600)) }),
    apex: line => set({ apexLabel: line.one(label) }),
    headless: () => set({ headless: true }),
    fallthrough: line => set({ fallthrough: readZones(line, ['.']) }),
  })
  if (!place.plugins.has('kubernetes')) {
    throw directive.fail('needs kubernetes in the same server block')
  }
  if (settings.zones.some(zone => zone.endsWith('.arpa.'))) {
    throw directive.fail(
      'PTR records of outer addresses are not supported: leave reverse zones out',
    )
  }
  return settings
}
