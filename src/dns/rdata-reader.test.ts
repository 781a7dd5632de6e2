import t from 'tap'
import { NameReader } from './name-reader.ts'
import { readRdata } from './rdata-reader.ts'
import { parseRrType } from './rr-type.ts'

/** What data in a message, behind `a.` at offset 12, is in full: `same`, or none where it is malformed. */
const cases: readonly [type: string, data: string, full?: string][] = [
  ['A', '0a600001', 'same'],
  ['A', '0a6000'],
  ['A', '0a60000100'],
  ['A', ''],
  ['AAAA', '20010db8000000000000000000000001', 'same'],
  ['AAAA', '0a600001'],
  ['NS', '0162 c00c', '0162 0161 00'],
  ['CNAME', 'c00c', '0161 00'],
  ['CNAME', 'c00c 00'],
  ['CNAME', ''],
  ['PTR', '0162 00', 'same'],
  ['DNAME', 'c00c', '0161 00'],
  ['MX', '000a c00c', '000a 0161 00'],
  ['MX', '000a'],
  ['MX', '00'],
  ['KX', '000a c00c', '000a 0161 00'],
  ['AFSDB', '0001 c00c', '0001 0161 00'],
  ['RP', 'c00c 0162 c00c', '0161 00 0162 0161 00'],
  ['RP', 'c00c'],
  ['SRV', '0000 0064 0050 c00c', '0000 0064 0050 0161 00'],
  ['SRV', '0000 0064 0050'],
  [
    'SOA',
    'c00c 0162 c00c 00000001 00000002 00000003 00000004 00000005',
    '0161 00 0162 0161 00 00000001 00000002 00000003 00000004 00000005',
  ],
  ['SOA', 'c00c c00c 00000001 00000002 00000003 00000004'],
  ['SOA', 'c00c c00c 00000001 00000002 00000003 00000004 00000005 00'],
  ['NAPTR', '0001 0002 0175 00 022121 c00c', '0001 0002 0175 00 022121 0161 00'],
  ['NAPTR', '0001 0002 0175 00 c00c'],
  ['TXT', '0161 00 026262', 'same'],
  ['TXT', '00', 'same'],
  ['TXT', ''],
  ['TXT', '03 6161'],
  ['TXT', '0161 05'],
  ['HINFO', '0161 0162', 'same'],
  ['HINFO', '0161'],
  ['HINFO', '0161 0162 0163'],
  ['HINFO', '0161 0462'],
  ['CAA', '00 0569737375 65 6361', 'same'],
  ['CAA', '00 00 6361'],
  ['CAA', '00 0569732d75 65 6361'],
  ['CAA', '00'],
  ['DS', '0001 08 02 aabb', 'same'],
  ['DS', '0001 08'],
  ['RRSIG', '0001 08 02 0000003c 00000002 00000001 0007 0161 00 aabb', 'same'],
  ['RRSIG', '0001 08 02 0000003c 00000002 00000001 0007 c00c aabb'],
  ['NSEC', '0162 00 000140', 'same'],
  ['NSEC', 'c00c 000140'],
  ['HTTPS', '0001 00 0001 0003 026832', 'same'],
  ['HTTPS', '0001'],
  ['URI', '0001 0001 6874', 'same'],
  ['TYPE1000', 'c00c', 'same'],
  ['TYPE1000', '', 'same'],
]

t.test('readRdata() takes data of the right form, with names in full', async t => {
  for (const [type, data, full] of cases) {
    const hex = data.replaceAll(' ', '')
    // Bytes behind the data that would make many a cut-off field whole.
    const bytes = Buffer.from(`${'00'.repeat(12)}016100${hex}${'01'.repeat(40)}`, 'hex')
    const end = 15 + hex.length / 2
    const names = new NameReader(bytes)
    const rdata = readRdata(bytes, names, { type: parseRrType(type)!, start: 15, end })
    const wanted = full === 'same' ? hex : full?.replaceAll(' ', '')
    t.equal(rdata && Buffer.from(rdata).toString('hex'), wanted, `${type} ${data}`)
  }
})
