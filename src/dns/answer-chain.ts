import { readUint16 } from './header.ts'
import { Rcode } from './rcode.ts'
import type { ResourceRecord } from './resource-record.ts'
import { RrType } from './rr-type.ts'
import type { UpstreamReply } from './upstream-reply.ts'
import { isInZone, isSameName, lowerCaseName, maxNameBytes, type WireName } from './wire-name.ts'

/**
 * What a reply amounts to. `referral` points at other servers, which a forwarder does not follow; `failure` is any rcode but
 * NOERROR and NXDOMAIN.
 */
type AnswerKind = 'positive' | 'nodata' | 'nxdomain' | 'referral' | 'failure'

/** What of a reply may be kept and sent on. */
export interface AnswerChain {
  readonly kind: AnswerKind
  /** Aliases from the question on, in their order, then the rrset asked for; each with its signatures. */
  readonly answers: readonly ResourceRecord[]
  /** The SOA of a negative answer with its signatures; empty where there is none that may speak for the name. */
  readonly authority: readonly ResourceRecord[]
}

/** As PowerDNS; BIND and Unbound go one further. A chain that is longer is cut there. */
const maxHops = 10

/** Offset of the type that an RRSIG covers. RFC 4034 §3.1. */
const coveredTypeOffset = 0

/**
 * Takes from a reply what answers its question and nothing else, because a server can put any record next to its answer:
 * the rrsets on the way from the question's name through CNAME and DNAME, and for a negative answer the SOA of a zone that the
 * last name is in. Loops are cut where they close. RFC 2308 §2, RFC 6672 §3, RFC 5452 §6.
 */
export function takeAnswerChain(
  reply: Pick<UpstreamReply, 'question' | 'rcode' | 'answers' | 'authority'>,
): AnswerChain {
  const { question, rcode } = reply
  const isNameError = rcode === Rcode.nxDomain
  if (!question || (rcode !== Rcode.noError && !isNameError)) {
    return { kind: 'failure', answers: [], authority: [] }
  }
  const { aliases, end } = followAliases(reply.answers, question.name, question.type)
  const data = end && !isNameError ? rrsetOf(reply.answers, end, question.type) : []
  if (data.length > 0) return { kind: 'positive', answers: [...aliases, ...data], authority: [] }

  const authority = end ? soaAbove(reply.authority, end) : []
  if (isNameError) return { kind: 'nxdomain', answers: aliases, authority }
  const isReferral =
    aliases.length === 0 &&
    reply.authority.some(record => record.type === RrType.ns) &&
    !reply.authority.some(record => record.type === RrType.soa)
  return { kind: isReferral ? 'referral' : 'nodata', answers: aliases, authority }
}

/** The aliases from `name` on, and the name at their end; no name where they loop or are too many. */
function followAliases(
  records: readonly ResourceRecord[],
  name: WireName,
  type: number,
): { aliases: ResourceRecord[]; end: WireName | undefined } {
  const aliases: ResourceRecord[] = []
  if (type === RrType.any) return { aliases, end: name }
  const seen = [name]
  for (let end = name; ;) {
    // An alias can have signatures of its own, RFC 4034 §3: who asks for these wants no other name.
    const hop = hasData(records, end, type) ? undefined : hopFrom(records, end)
    if (!hop) return { aliases, end }
    if (seen.length > maxHops) return { aliases, end: undefined }
    aliases.push(...hop.records)
    end = hop.target
    if (seen.some(earlier => isSameName(earlier, end))) return { aliases, end: undefined }
    seen.push(end)
  }
}

/** The CNAME of a name, with the DNAME that it was made of, or that DNAME alone. */
function hopFrom(
  records: readonly ResourceRecord[],
  name: WireName,
): { records: ResourceRecord[]; target: WireName } | undefined {
  const cname = records.find(
    record => record.type === RrType.cname && isSameName(record.name, name),
  )
  const dname = records.find(record => record.type === RrType.dname && isBelow(name, record.name))
  const renamed = dname && renamedBelow(name, dname)
  if (cname) {
    const isRenaming = renamed && isSameName(renamed, cname.rdata)
    const origin = isRenaming ? withSignatures(records, dname) : []
    return { records: [...origin, ...withSignatures(records, cname)], target: cname.rdata }
  }
  return renamed && { records: withSignatures(records, dname), target: renamed }
}

/** The name with the DNAME's target in place of its owner; `undefined` when that is too long. RFC 6672 §2.2. */
function renamedBelow(name: WireName, dname: ResourceRecord): WireName | undefined {
  const kept = name.length - dname.name.length
  if (kept + dname.rdata.length > maxNameBytes) return undefined
  const renamed = new Uint8Array(kept + dname.rdata.length)
  renamed.set(name.subarray(0, kept))
  renamed.set(dname.rdata, kept)
  return renamed
}

/** The records at `name` that a question of `type` asks for, and their signatures. */
function rrsetOf(
  records: readonly ResourceRecord[],
  name: WireName,
  type: number,
): ResourceRecord[] {
  return records.filter(
    record =>
      (type === RrType.any || record.type === type || coveredType(record) === type) &&
      isSameName(record.name, name),
  )
}

function hasData(records: readonly ResourceRecord[], name: WireName, type: number): boolean {
  return records.some(record => record.type === type && isSameName(record.name, name))
}

function withSignatures(records: readonly ResourceRecord[], one: ResourceRecord): ResourceRecord[] {
  const isSignature = (record: ResourceRecord): boolean =>
    coveredType(record) === one.type && isSameName(record.name, one.name)
  return [one, ...records.filter(isSignature)]
}

function coveredType(record: ResourceRecord): number | undefined {
  return record.type === RrType.rrsig ? readUint16(record.rdata, coveredTypeOffset) : undefined
}

/** The SOA of a zone that `name` is in. */
function soaAbove(authority: readonly ResourceRecord[], name: WireName): ResourceRecord[] {
  const soa = authority.find(
    record =>
      record.type === RrType.soa && isInZone(lowerCaseName(name), lowerCaseName(record.name)),
  )
  return soa ? withSignatures(authority, soa) : []
}

function isBelow(name: WireName, ancestor: WireName): boolean {
  return name.length > ancestor.length && isInZone(lowerCaseName(name), lowerCaseName(ancestor))
}
