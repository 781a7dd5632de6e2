import { writeUint32 } from '../../dns/header.ts'
import { Rcode } from '../../dns/rcode.ts'
import type { ResourceRecord } from '../../dns/resource-record.ts'
import { RrType } from '../../dns/rr-type.ts'
import { isInZone, isSameName, parseName, type WireName } from '../../dns/wire-name.ts'
import type { Query, Reply } from '../handler.ts'

/** A week, as in the zones of RFC 6303 §3 and CoreDNS. */
const ttlSeconds = 604_800

const localhost = parseName('localhost')!
const loopbackName = parseName('1.0.0.127.in-addr.arpa')!
const loopback4 = Uint8Array.of(127, 0, 0, 1)
const loopback6 = Uint8Array.from({ length: 16 }, (_, i) => (i === 15 ? 1 : 0))

const soaRdata = makeSoaRdata()

/** A name that is the client itself: its addresses, nothing else. */
export function answerLocalhost({ name, type }: Query): Reply {
  const rdata = type === RrType.a ? loopback4 : type === RrType.aaaa ? loopback6 : undefined
  return rdata ? positive({ name, type, ttlSeconds, rdata }) : negative(Rcode.noError, name)
}

/** The apex of a zone. */
export function answerZone(query: Query, zone: WireName): Reply {
  const { name, type } = query
  if (type === RrType.soa) return positive(soaOf(zone))
  if (type === RrType.ns) return positive({ name, type, ttlSeconds, rdata: localhost })
  return isSameName(zone, localhost) ? answerLocalhost(query) : negative(Rcode.noError, zone)
}

/** A reverse zone, in which there is at most one name, and what lies between. */
export function answerReverse(query: Query, zone: WireName): Reply {
  const { name, type } = query
  if (isSameName(name, zone)) return answerZone(query, zone)
  if (!isInZone(loopbackName, name)) return negative(Rcode.nxDomain, zone)
  if (type !== RrType.ptr || !isSameName(name, loopbackName)) return negative(Rcode.noError, zone)
  return positive({ name, type, ttlSeconds, rdata: localhost })
}

function positive(record: ResourceRecord): Reply {
  return { rcode: Rcode.noError, authoritative: false, answers: [record] }
}

function negative(rcode: number, zone: WireName): Reply {
  return { rcode, authoritative: false, authority: [soaOf(zone)] }
}

function soaOf(zone: WireName): ResourceRecord {
  return { name: zone, type: RrType.soa, ttlSeconds, rdata: soaRdata }
}

/** `localhost. root.localhost. 1 0 0 0 604800` */
function makeSoaRdata(): Uint8Array {
  const names = Buffer.concat([localhost, parseName('root.localhost')!])
  const rdata = new Uint8Array(names.length + 20)
  rdata.set(names)
  writeUint32(rdata, 1, names.length)
  writeUint32(rdata, ttlSeconds, names.length + 16)
  return rdata
}
