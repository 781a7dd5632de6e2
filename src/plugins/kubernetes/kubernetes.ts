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
  const answer = ({ name, type }: Query, podZone: WireName): Reply => {
    const pod = parsePodName(name, podZone)
    if (!pod || !reader.has(scanned(pod.namespaceName))) return negative(name, Rcode.nxDomain)
    const address: ResourceRecord = {
      name,
      type: pod.address.length === 4 ? RrType.a : RrType.aaaa,
      ttlSeconds,
      rdata: pod.address,
    }
    if (type === address.type || type === RrType.any) return positive([address])
    if (type === RrType.srv) {
      return positive([serviceOf(address, pod.name)], [{ ...address, name: pod.name }])
    }
    return negative(name, Rcode.noError)
  }
  const negative = (name: WireName, rcode: number): Reply => {
    const soa = reader.zoneSoa(scanned(name))
    return { rcode, authoritative: true, authority: soa ? [soa] : [] }
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

function positive(
  answers: readonly ResourceRecord[],
  additional: readonly ResourceRecord[] = [],
): Reply {
  return { rcode: Rcode.noError, authoritative: true, answers, additional }
}

/** SRV of a pod name: port 0, weight 100, the pod itself, as CoreDNS answers it. */
function serviceOf({ name, ttlSeconds }: ResourceRecord, target: WireName): ResourceRecord {
  const rdata = new Uint8Array(6 + target.length)
  rdata[3] = 100
  rdata.set(target, 6)
  return { name, type: RrType.srv, ttlSeconds, rdata }
}

function scanned(name: WireName): { name: WireName; nameBytes: number; nameHash: number } {
  return { name, nameBytes: name.length, nameHash: hashName(name) }
}
