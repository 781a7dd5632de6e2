import { writeUint16, writeUint32 } from '../dns/header.ts'
import { RrType } from '../dns/rr-type.ts'
import type { ResourceRecord } from './resource-record.ts'

/** The data of a record in wire form, names written out. RFC 1035 §3.3, RFC 2782. */
export function recordRdata(record: ResourceRecord): Uint8Array {
  switch (record.type) {
    case RrType.a:
    case RrType.aaaa:
      return record.address
    case RrType.srv: {
      const { weight, port, target } = record
      const rdata = new Uint8Array(6 + target.length)
      writeUint16(rdata, weight, 2)
      writeUint16(rdata, port, 4)
      rdata.set(target, 6)
      return rdata
    }
    case RrType.txt:
      return Uint8Array.from([record.text.length, ...Buffer.from(record.text, 'latin1')])
    case RrType.soa: {
      const { mname, rname } = record
      const names = mname.length + rname.length
      const rdata = new Uint8Array(names + 20)
      rdata.set(mname)
      rdata.set(rname, mname.length)
      writeUint32(rdata, record.serial, names)
      writeUint32(rdata, record.refreshSeconds, names + 4)
      writeUint32(rdata, record.retrySeconds, names + 8)
      writeUint32(rdata, record.expireSeconds, names + 12)
      writeUint32(rdata, record.minimumSeconds, names + 16)
      return rdata
    }
    case RrType.cname:
    case RrType.ns:
    case RrType.ptr:
    default:
      return record.target
  }
}
