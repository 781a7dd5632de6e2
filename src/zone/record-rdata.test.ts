import t from 'tap'
import { renderRecord as renderWire } from '../dns/record-text.ts'
import { RrType } from '../dns/rr-type.ts'
import { parseName } from '../dns/wire-name.ts'
import { parseIp } from '../lib/ip.ts'
import { recordRdata } from './record-rdata.ts'
import { renderRecord, type ResourceRecord } from './resource-record.ts'

const head = { name: parseName('a.example')!, ttlSeconds: 5 }
const target = parseName('b.example')!

const records: readonly ResourceRecord[] = [
  { ...head, type: RrType.a, address: parseIp('192.0.2.1')! },
  { ...head, type: RrType.aaaa, address: parseIp('2001:db8::1')! },
  { ...head, type: RrType.srv, weight: 33, port: 65_535, target },
  { ...head, type: RrType.cname, target },
  { ...head, type: RrType.ns, target },
  { ...head, type: RrType.ptr, target },
  { ...head, type: RrType.txt, text: '1.1.0' },
  {
    ...head,
    type: RrType.soa,
    mname: target,
    rname: head.name,
    serial: 4_000_000_000,
    refreshSeconds: 1,
    retrySeconds: 2,
    expireSeconds: 3,
    minimumSeconds: 4,
  },
]

t.test('recordRdata() writes what the record says', async t => {
  for (const record of records) {
    const { name, type, ttlSeconds } = record
    const line = renderWire({ name, type, ttlSeconds, rdata: recordRdata(record) })
    t.equal(line, renderRecord(record))
  }
})
