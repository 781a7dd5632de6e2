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
  dname: 39,
  opt: 41,
  ds: 43,
  rrsig: 46,
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
  [3, 'MD'],
  [4, 'MF'],
  [5, 'CNAME'],
  [6, 'SOA'],
  [7, 'MB'],
  [8, 'MG'],
  [9, 'MR'],
  [10, 'NULL'],
  [11, 'WKS'],
  [12, 'PTR'],
  [13, 'HINFO'],
  [14, 'MINFO'],
  [15, 'MX'],
  [16, 'TXT'],
  [17, 'RP'],
  [18, 'AFSDB'],
  [19, 'X25'],
  [20, 'ISDN'],
  [21, 'RT'],
  [24, 'SIG'],
  [25, 'KEY'],
  [26, 'PX'],
  [28, 'AAAA'],
  [29, 'LOC'],
  [30, 'NXT'],
  [33, 'SRV'],
  [35, 'NAPTR'],
  [36, 'KX'],
  [37, 'CERT'],
  [39, 'DNAME'],
  [41, 'OPT'],
  [42, 'APL'],
  [43, 'DS'],
  [44, 'SSHFP'],
  [45, 'IPSECKEY'],
  [46, 'RRSIG'],
  [47, 'NSEC'],
  [48, 'DNSKEY'],
  [49, 'DHCID'],
  [50, 'NSEC3'],
  [51, 'NSEC3PARAM'],
  [52, 'TLSA'],
  [53, 'SMIMEA'],
  [55, 'HIP'],
  [59, 'CDS'],
  [60, 'CDNSKEY'],
  [61, 'OPENPGPKEY'],
  [62, 'CSYNC'],
  [63, 'ZONEMD'],
  [64, 'SVCB'],
  [65, 'HTTPS'],
  [99, 'SPF'],
  [104, 'NID'],
  [105, 'L32'],
  [106, 'L64'],
  [107, 'LP'],
  [108, 'EUI48'],
  [109, 'EUI64'],
  [249, 'TKEY'],
  [250, 'TSIG'],
  [251, 'IXFR'],
  [252, 'AXFR'],
  [253, 'MAILB'],
  [254, 'MAILA'],
  [255, 'ANY'],
  [256, 'URI'],
  [257, 'CAA'],
])

const numbers: ReadonlyMap<string, number> = new Map(
  Array.from(mnemonics, ([type, mnemonic]) => [mnemonic, type]),
)

/** The type of a question for a whole zone: AXFR, IXFR. RFC 5936 §2.1, RFC 1995 §3. */
export function isTransferType(type: number): boolean {
  return type === RrType.axfr || type === RrType.ixfr
}

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
