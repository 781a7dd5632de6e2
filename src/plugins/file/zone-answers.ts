import { Rcode } from '../../dns/rcode.ts'
import { readUint32 } from '../../dns/header.ts'
import type { ResourceRecord } from '../../dns/resource-record.ts'
import { RrType } from '../../dns/rr-type.ts'
import {
  isInZone,
  lowerCaseName,
  maxNameBytes,
  renderName,
  type WireName,
} from '../../dns/wire-name.ts'
import type { Reply } from '../handler.ts'
import { type NameRecords, parentOf, type ZoneData } from './zone-data.ts'

/** Aliases of one answer. */
const maxLinks = 8

/** A question about a name in the zone. */
export interface ZoneQuestion {
  /** Lower case. */
  readonly name: WireName
  readonly type: number
}

/** `open`: the last record is a CNAME to a name outside the zone. */
export interface ZoneReply extends Reply {
  readonly answers: readonly ResourceRecord[]
  readonly isOpen: boolean
}

/** The answer of an authoritative server: RFC 1034 §4.3.2, wildcards RFC 4592, DNAME RFC 6672. */
export function answerFromZone(zone: ZoneData, question: ZoneQuestion): ZoneReply {
  return new ZoneWalk(zone, question.type).answer(question.name)
}

/** One question on its way through the zone, with the aliases found so far. */
class ZoneWalk {
  readonly #zone: ZoneData
  readonly #type: number
  readonly #links: ResourceRecord[] = []

  constructor(zone: ZoneData, type: number) {
    this.#zone = zone
    this.#type = type
  }

  answer(name: WireName): ZoneReply {
    const cut = this.#cutAbove(name)
    if (cut) return this.#refer(cut)
    const dname = this.#dnameAbove(name)
    if (dname) return this.#rewrite(name, dname)
    const types = this.#zone.names.get(renderName(name)) ?? this.#wildcard(name)
    if (!types) return this.#negative(Rcode.nxDomain)
    return this.#answerAt(name, types)
  }

  #answerAt(name: WireName, types: NameRecords): ZoneReply {
    const alias = types.get(RrType.cname)?.[0]
    if (alias && this.#type !== RrType.cname && this.#type !== RrType.any) {
      return this.#follow(owned(alias, name), alias.rdata)
    }
    const records = this.#type === RrType.any ? [...types.values()][0] : types.get(this.#type)
    if (!records) return this.#negative(Rcode.noError)
    const answers = [...this.#links, ...records.map(record => owned(record, name))]
    return { ...positive, answers, additional: this.#glue(records) }
  }

  /** Goes on at the target where that is in the zone. A chain that comes back ends where it is long. */
  #follow(link: ResourceRecord, target: WireName): ZoneReply {
    this.#links.push(link)
    const next = lowerCaseName(target)
    if (!isInZone(next, this.#zone.apex)) return { ...positive, answers: this.#links, isOpen: true }
    if (this.#links.length > maxLinks) {
      return {
        ...positive,
        rcode: Rcode.servFail,
        answers: [],
        error: 'the aliases lead in a circle',
      }
    }
    return this.answer(next)
  }

  #rewrite(name: WireName, dname: ResourceRecord): ZoneReply {
    const head = name.subarray(0, name.length - dname.name.length)
    if (head.length + dname.rdata.length > maxNameBytes) {
      return { ...positive, rcode: Rcode.yxDomain, answers: [...this.#links, dname] }
    }
    const target = Uint8Array.from([...head, ...dname.rdata])
    this.#links.push(dname)
    return this.#follow({ ...dname, name, type: RrType.cname, rdata: target }, target)
  }

  /** The name servers of the zone below that the name is in. Its DS records are ours. */
  #cutAbove(name: WireName): readonly ResourceRecord[] | undefined {
    const from = this.#type === RrType.ds ? parentOf(name) : name
    return this.#highest(from, types => types.get(RrType.ns))
  }

  #dnameAbove(name: WireName): ResourceRecord | undefined {
    if (name.length <= this.#zone.apex.length) return undefined
    const above = this.#highest(parentOf(name), types => types.get(RrType.dname))
    return (above ?? this.#zone.names.get(renderName(this.#zone.apex))?.get(RrType.dname))?.[0]
  }

  /** The find at the highest name from `name` up to below the apex. */
  #highest<Found>(
    name: WireName,
    find: (types: NameRecords) => Found | undefined,
  ): Found | undefined {
    let found: Found | undefined
    for (let at = name; at.length > this.#zone.apex.length; at = parentOf(at)) {
      const types = this.#zone.names.get(renderName(at))
      found = (types && find(types)) ?? found
    }
    return found
  }

  /** The records of `*` below the closest name that exists. RFC 4592 §3.3. */
  #wildcard(name: WireName): NameRecords | undefined {
    let closest = name
    while (!this.#zone.names.has(renderName(closest))) closest = parentOf(closest)
    return this.#zone.names.get(renderName(Uint8Array.from([1, 0x2a, ...closest])))
  }

  #refer(servers: readonly ResourceRecord[]): ZoneReply {
    const answers = this.#links
    const authoritative = answers.length > 0
    return {
      ...positive,
      authoritative,
      answers,
      authority: servers,
      additional: this.#glue(servers),
    }
  }

  #negative(rcode: number): ZoneReply {
    return { ...positive, rcode, answers: this.#links, authority: [negativeSoa(this.#zone.soa)] }
  }

  /** Addresses of the hosts that NS, MX and SRV records name, as far as they are in the zone. */
  #glue(records: readonly ResourceRecord[]): ResourceRecord[] {
    const hosts = new Set(records.flatMap(record => hostOf(record) ?? []))
    return [...hosts].flatMap(host => {
      const types = this.#zone.names.get(host)
      return [...(types?.get(RrType.a) ?? []), ...(types?.get(RrType.aaaa) ?? [])]
    })
  }
}

const positive: ZoneReply = {
  rcode: Rcode.noError,
  authoritative: true,
  answers: [],
  isOpen: false,
}

const hostOffsets: ReadonlyMap<number, number> = new Map([
  [RrType.ns, 0],
  [RrType.mx, 2],
  [RrType.srv, 6],
])

function hostOf({ type, rdata }: ResourceRecord): string | undefined {
  const offset = hostOffsets.get(type)
  return offset === undefined ? undefined : renderName(lowerCaseName(rdata.subarray(offset)))
}

/** With the name that was asked for where it comes from a wildcard. */
function owned(record: ResourceRecord, name: WireName): ResourceRecord {
  return record.name[1] === 0x2a && record.name[0] === 1 ? { ...record, name } : record
}

/** A negative answer is kept as long as the lesser of the SOA's TTL and its minimum. RFC 2308 §3. */
function negativeSoa(soa: ResourceRecord): ResourceRecord {
  const minimum = readUint32(soa.rdata, soa.rdata.length - 4)
  return { ...soa, ttlSeconds: Math.min(soa.ttlSeconds, minimum) }
}
