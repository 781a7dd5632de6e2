import type { AnswerReader } from '../../answers/answer-reader.ts'
import { hashName } from '../../dns/name-hash.ts'
import { Rcode } from '../../dns/rcode.ts'
import type { ResourceRecord } from '../../dns/resource-record.ts'
import { RrType } from '../../dns/rr-type.ts'
import { isInZone, type WireName } from '../../dns/wire-name.ts'
import type { Handler, Query, Reply } from '../handler.ts'
import { parsePodName } from './pod-names.ts'

export interface KubernetesOptions {
  readonly reader: AnswerReader
  /** `pod.ZONE` of every zone that has `pods insecure`. */
  readonly podZones: readonly WireName[]
  readonly ttlSeconds: number
}

/**
 * The part of the cluster zone that is computed instead of kept: pod names of `pods insecure`, which exist for every
 * address there is. Everything else of the zone is in the answer table.
 */
export function kubernetes({ reader, podZones, ttlSeconds }: KubernetesOptions): Handler {
  const answer = (query: Query, podZone: WireName): Reply => {
    const pod = parsePodName(query.name, podZone)
    const exists = pod !== undefined && reader.has(scanned(pod.namespaceName))
    const rdata = exists && pod.address
    const type = rdata && rdata.length === 4 ? RrType.a : RrType.aaaa
    if (rdata && (query.type === type || query.type === RrType.any)) {
      return {
        rcode: Rcode.noError,
        authoritative: true,
        answers: [{ name: query.name, type, ttlSeconds, rdata }],
      }
    }
    if (rdata && query.type === RrType.srv)
      return podService(query, { name: query.name, type, ttlSeconds, rdata })
    const soa = reader.zoneSoa(scanned(query.name))
    const rcode = exists ? Rcode.noError : Rcode.nxDomain
    return { rcode, authoritative: true, ...(soa && { authority: [soa] }) }
  }
  return (query, next) => {
    const podZone = podZones.find(zone => isInZone(query.name, zone))
    if (!podZone) return next()
    reader.enter()
    const reply = answer(query, podZone)
    reader.leave()
    return reply
  }
}

/** SRV of a pod name: port 0, weight 100, the pod itself, as CoreDNS answers it. */
function podService({ name }: Query, address: ResourceRecord): Reply {
  const rdata = new Uint8Array(6 + name.length)
  rdata[3] = 100
  rdata.set(name, 6)
  const srv = { name, type: RrType.srv, ttlSeconds: address.ttlSeconds, rdata }
  return { rcode: Rcode.noError, authoritative: true, answers: [srv], additional: [address] }
}

function scanned(name: WireName): { name: WireName; nameBytes: number; nameHash: number } {
  return { name, nameBytes: name.length, nameHash: hashName(name) }
}
