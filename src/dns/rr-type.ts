/** Numbers of the record types that Signpost itself makes or treats specially. IANA DNS parameters. */
export const RrType = {
  a: 1,
  ns: 2,
  cname: 5,
  soa: 6,
  ptr: 12,
  hinfo: 13,
  mx: 15,
  txt: 16,
  aaaa: 28,
  srv: 33,
  opt: 41,
  tkey: 249,
  tsig: 250,
  ixfr: 251,
  axfr: 252,
  any: 255,
} as const

/** Every type with a mnemonic that people type or logs show; others are written `TYPE1234` (RFC 3597 §5). */
const mnemonics: ReadonlyMap<number, string> = new Map([
  [1, 'A'],
  [2, 'NS'],
  [5, 'CNAME'],
  [6, 'SOA'],
  [12, 'PTR'],
  [13, 'HINFO'],
  [15, 'MX'],
  [16, 'TXT'],
  [17, 'RP'],
  [28, 'AAAA'],
  [29, 'LOC'],
  [33, 'SRV'],
  [35, 'NAPTR'],
  [37, 'CERT'],
  [39, 'DNAME'],
  [41, 'OPT'],
  [43, 'DS'],
  [44, 'SSHFP'],
  [46, 'RRSIG'],
  [47, 'NSEC'],
  [48, 'DNSKEY'],
  [50, 'NSEC3'],
  [51, 'NSEC3PARAM'],
  [52, 'TLSA'],
  [59, 'CDS'],
  [60, 'CDNSKEY'],
  [64, 'SVCB'],
  [65, 'HTTPS'],
  [249, 'TKEY'],
  [250, 'TSIG'],
  [251, 'IXFR'],
  [252, 'AXFR'],
  [255, 'ANY'],
  [256, 'URI'],
  [257, 'CAA'],
])

const numbers: ReadonlyMap<string, number> = new Map(
  Array.from(mnemonics, ([type, mnemonic]) => [mnemonic, type]),
)

export function renderRrType(type: number): string {
  return mnemonics.get(type) ?? `TYPE${type}`
}

/** Reads `A`, `srv` or `TYPE65`; `undefined` when it is none of them. */
export function parseRrType(text: string): number | undefined {
  const upper = text.toUpperCase()
  const generic = /^TYPE(\d{1,5})$/.exec(upper)
  if (!generic) return numbers.get(upper)
  const type = Number(generic[1])
  return type <= 0xffff ? type : undefined
}
