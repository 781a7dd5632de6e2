import type { AnswerEnding } from '../answers/compiled-answer.ts'
import { renderName, type WireName } from '../dns/wire-name.ts'
import { Rcode } from '../dns/rcode.ts'
import { renderRrType, RrType } from '../dns/rr-type.ts'
import { formatIp, type IpBytes } from '../lib/ip.ts'

/*
 * Records as data, before they are compiled. Names in records of one answer are the same object where
 * they are the same name: that is how the compiler finds what it can point at.
 */

export interface AddressRecord {
  readonly type: typeof RrType.a | typeof RrType.aaaa
  readonly name: WireName
  readonly ttlSeconds: number
  readonly address: IpBytes
}

export interface SrvRecord {
  readonly type: typeof RrType.srv
  readonly name: WireName
  readonly ttlSeconds: number
  readonly weight: number
  readonly port: number
  readonly target: WireName
}

/** A record whose data is one name. */
export interface NameRecord {
  readonly type: typeof RrType.cname | typeof RrType.ns | typeof RrType.ptr
  readonly name: WireName
  readonly ttlSeconds: number
  readonly target: WireName
}

interface TxtRecord {
  readonly type: typeof RrType.txt
  readonly name: WireName
  readonly ttlSeconds: number
  /** One piece of at most 255 bytes of ASCII. */
  readonly text: string
}

export interface SoaRecord {
  readonly type: typeof RrType.soa
  readonly name: WireName
  readonly ttlSeconds: number
  readonly mname: WireName
  readonly rname: WireName
  readonly serial: number
  readonly refreshSeconds: number
  readonly retrySeconds: number
  readonly expireSeconds: number
  readonly minimumSeconds: number
}

export type ResourceRecord = AddressRecord | SrvRecord | NameRecord | TxtRecord | SoaRecord

/** Addresses of a name and of what is below it, as one host of SRV, NS and glue. */
export interface Host {
  readonly name: WireName
  readonly addresses: readonly IpBytes[]
}

/** What a name answers to questions of one type; see CompiledAnswer for the fields. */
export interface Answer {
  /** Type of the question, or `otherTypes`. */
  readonly type: number
  readonly rcode: number
  readonly ending: AnswerEnding
  readonly records: readonly ResourceRecord[]
  readonly additional: readonly ResourceRecord[]
}

/** An answer of records that are there, without more. */
export function positiveAnswer(
  records: readonly [ResourceRecord, ...ResourceRecord[]],
  additional: readonly ResourceRecord[] = [],
): Answer {
  return { type: records[0].type, rcode: Rcode.noError, ending: 'whole', records, additional }
}

/** The A and the AAAA answer of a host, as far as it has addresses of the family. */
export function addressAnswers(host: Host, ttlSeconds: number): Answer[] {
  const v4: AddressRecord[] = []
  const v6: AddressRecord[] = []
  for (const address of host.addresses) {
    const record = addressRecord(host.name, address, ttlSeconds)
    if (record.type === RrType.a) v4.push(record)
    else v6.push(record)
  }
  const answers: Answer[] = []
  if (isFilled(v4)) answers.push(positiveAnswer(v4))
  if (isFilled(v6)) answers.push(positiveAnswer(v6))
  return answers
}

export function addressRecord(name: WireName, address: IpBytes, ttlSeconds: number): AddressRecord {
  return { type: address.length === 4 ? RrType.a : RrType.aaaa, name, ttlSeconds, address }
}

export function isFilled<Item>(items: readonly Item[]): items is readonly [Item, ...Item[]] {
  return items.length > 0
}

/** A line of a zone file, RFC 1035 §5.1: `web.default.svc.cluster.local. 5 IN A 10.96.0.10`. */
export function renderRecord(record: ResourceRecord): string {
  const { name, ttlSeconds, type } = record
  return `${renderName(name)} ${ttlSeconds} IN ${renderRrType(type)} ${renderData(record)}`
}

function renderData(record: ResourceRecord): string {
  switch (record.type) {
    case RrType.a:
    case RrType.aaaa:
      return formatIp(record.address)
    case RrType.srv:
      return `0 ${record.weight} ${record.port} ${renderName(record.target)}`
    case RrType.txt:
      return `"${record.text}"`
    case RrType.soa:
      return [
        renderName(record.mname),
        renderName(record.rname),
        record.serial,
        record.refreshSeconds,
        record.retrySeconds,
        record.expireSeconds,
        record.minimumSeconds,
      ].join(' ')
    case RrType.cname:
    case RrType.ns:
    case RrType.ptr:
    default:
      return renderName(record.target)
  }
}
