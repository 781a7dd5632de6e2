import { isTransferType } from '../../dns/rr-type.ts'
import { classIn } from '../../dns/header.ts'
import { Rcode } from '../../dns/rcode.ts'
import type { Plugin } from '../plugin.ts'
import { clusterMetadata } from './cluster-metadata.ts'
import { followAlias } from '../follow-alias.ts'
import { isInZone, isSameName, parseName, type WireName } from '../../dns/wire-name.ts'
import type { Handler } from '../handler.ts'
import { type KubernetesSettings, readKubernetes } from './kubernetes-settings.ts'
import { PodAnswers } from './pod-answers.ts'
import { TableReplies } from '../table-replies.ts'
import { transferRecords } from './transfer-records.ts'
import { ZonalAnswers } from './zonal-answers.ts'

/**
 * The cluster zones. Their names are in the answer table, which the control thread keeps; what is computed here are the
 * pod names of `pods insecure`, what falls through, and where an alias leads outside.
 */
export const kubernetes: Plugin<KubernetesSettings> = {
  name: 'kubernetes',
  read: readKubernetes,
  serve: ([settings], context) => {
    const zones = [...settings!.zones, ...settings!.reverseZones].map(zone => parseName(zone)!)
    const fallthrough = settings!.fallthrough.map(zone => parseName(zone)!)
    const replies = new TableReplies(context)
    const pods =
      settings!.pods === 'insecure'
        ? new PodAnswers(context.reader, {
            podZones: settings!.zones.map(zone => parseName(`pod.${zone}`)!),
            ttlSeconds: settings!.ttlSeconds,
          })
        : undefined
    const zonal = settings!.zonal
      ? new ZonalAnswers(
          context.reader,
          replies,
          settings!.zones.map(zone => parseName(`svc.${zone}`)!),
        )
      : undefined
    const fallsThrough = (name: WireName): boolean => fallthrough.some(zone => isInZone(name, zone))
    const handle: Handler = (query, next) => {
      if (query.class !== classIn || !zones.some(zone => isInZone(query.name, zone))) return next()
      if (isTransferType(query.type)) {
        const isApex = zones.some(zone => isSameName(zone, query.name))
        return isApex ? transferRecords(query, context.askControl) : next()
      }
      const found = pods?.answer(query) ?? zonal?.answer(query) ?? replies.answer(query)
      if (!found) return next()
      if (found.rcode === Rcode.nxDomain && fallsThrough(query.name)) return next()
      return 'alias' in found ? followAlias(query, found, context.askServer) : found
    }
    return {
      handle,
      metadata: clusterMetadata(settings!, context.clients),
      table: {
        isMissingOpen: ({ name, nameBytes }) => {
          if (!pods && !zonal && fallthrough.length === 0) return false
          const missing = name.subarray(0, nameBytes)
          return (
            fallsThrough(missing) || pods?.isFor(missing) === true || zonal?.isFor(missing) === true
          )
        },
        aliases: 'leave',
      },
    }
  },
}
