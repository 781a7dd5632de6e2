import { Rcode } from '../../dns/rcode.ts'
import type { ResourceRecord } from '../../dns/resource-record.ts'
import { RrType } from '../../dns/rr-type.ts'
import { isInZone, parseName } from '../../dns/wire-name.ts'
import type { Query, Reply } from '../handler.ts'

const localhost = parseName('localhost')!
const invalid = parseName('invalid')!

const ttlSeconds = 3600
const loopback: ReadonlyMap<number, Uint8Array> = new Map([
  [RrType.a, Uint8Array.of(127, 0, 0, 1)],
  [RrType.aaaa, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)],
])

/** Names that mean the same everywhere, so that nobody else is asked about them. RFC 6761 §6.3 and §6.4. */
export function answerSpecialName(query: Query): Reply | undefined {
  if (isInZone(query.name, invalid)) return { rcode: Rcode.nxDomain, authoritative: false }
  if (!isInZone(query.name, localhost)) return undefined
  const rdata = loopback.get(query.type)
  const answers: ResourceRecord[] = rdata
    ? [{ name: query.name, type: query.type, ttlSeconds, rdata }]
    : []
  return { rcode: Rcode.noError, authoritative: false, recursionAvailable: true, answers }
}
