import { readOptions } from '../dns/edns-options.ts'
import { Flag2, Flag3, headerBytes, readUint16 } from '../dns/header.ts'
import type { QueryScan } from '../dns/query-scan.ts'
import { readSoaSerial } from '../dns/soa-serial.ts'
import { RrType } from '../dns/rr-type.ts'
import type { Client, Query, ServerAddress } from '../plugins/handler.ts'

const noMetadata: Query['metadata'] = new Map()

/** How a message came, and how long its reply may be. */
interface Arrival {
  readonly client: Client
  readonly server: ServerAddress
  readonly limitBytes: number
}

/** The query that a scanned message asks, in memory of its own. */
export function queryOfScan(
  message: Uint8Array,
  scan: QueryScan,
  { client, server, limitBytes }: Arrival,
): Query {
  const flags = message[3]!
  return {
    name: scan.name.slice(0, scan.nameBytes),
    spelling: Uint8Array.from(message.subarray(headerBytes, headerBytes + scan.nameBytes)),
    type: scan.type,
    class: scan.class,
    id: readUint16(message, 0),
    recursionDesired: (message[2]! & Flag2.rd) !== 0,
    ...(scan.type === RrType.ixfr && knownSerial(message, scan)),
    checkingDisabled: (flags & Flag3.cd) !== 0,
    authenticData: (flags & Flag3.ad) !== 0,
    edns: scan.hasOpt
      ? {
          payloadBytes: scan.payloadBytes,
          dnssecOk: scan.dnssecOk,
          options: readOptions(message, scan.optionsStart, scan.optionsEnd),
        }
      : undefined,
    limitBytes,
    messageBytes: message.length,
    client,
    server,
    depth: 0,
    metadata: noMetadata,
  }
}

function knownSerial(message: Uint8Array, scan: QueryScan): Pick<Query, 'knownSerial'> {
  const serial = readUint16(message, 8) === 1 ? readSoaSerial(message, scan.questionEnd) : undefined
  return serial === undefined ? {} : { knownSerial: serial }
}
