import { classIn, writeUint16 } from '../../dns/header.ts'
import { Rcode } from '../../dns/rcode.ts'
import type { ResourceRecord } from '../../dns/resource-record.ts'
import { RrType } from '../../dns/rr-type.ts'
import { nameFromLabels } from '../../dns/wire-name.ts'
import { parseIp } from '../../lib/ip.ts'
import type { Handler, Query } from '../handler.ts'
import type { Plugin } from '../plugin.ts'

/** Tells clients their own address, port and transport, beside an empty answer. */
export const whoami: Plugin<void> = {
  name: 'whoami',
  read: directive => directive.end(),
  serve: () => handle,
}

const handle: Handler = (query, next) => {
  if (query.class !== classIn) return next()
  const additional = [...addressOf(query), ...portOf(query)]
  return { rcode: Rcode.noError, authoritative: true, additional }
}

function addressOf({ name, client }: Query): ResourceRecord[] {
  // A link-local address comes with its zone: fe80::1%eth0.
  const rdata = parseIp(client.address.replace(/%.*/, ''))
  if (!rdata) return []
  return [{ name, type: rdata.length === 4 ? RrType.a : RrType.aaaa, ttlSeconds: 0, rdata }]
}

/** An SRV record with the port and the root as its target; none where the name leaves no room for the label. */
function portOf({ name, client }: Query): ResourceRecord[] {
  const owner = nameFromLabels([client.transport === 'udp' ? '_udp' : '_tcp'], name)
  if (!owner) return []
  const rdata = new Uint8Array(7)
  writeUint16(rdata, client.port, 4)
  return [{ name: owner, type: RrType.srv, ttlSeconds: 0, rdata }]
}
