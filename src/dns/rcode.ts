/** Response codes, RFC 1035 §4.1.1, RFC 2136 §2.2 and RFC 6891 §9. */
export const Rcode = {
  noError: 0,
  formErr: 1,
  servFail: 2,
  nxDomain: 3,
  notImp: 4,
  refused: 5,
  yxDomain: 6,
  notAuth: 9,
  badVers: 16,
} as const

/** The names people and logs use, IANA DNS parameters; others are written `RCODE23`. */
const mnemonics: ReadonlyMap<number, string> = new Map([
  [0, 'NOERROR'],
  [1, 'FORMERR'],
  [2, 'SERVFAIL'],
  [3, 'NXDOMAIN'],
  [4, 'NOTIMP'],
  [5, 'REFUSED'],
  [6, 'YXDOMAIN'],
  [7, 'YXRRSET'],
  [8, 'NXRRSET'],
  [9, 'NOTAUTH'],
  [10, 'NOTZONE'],
  [11, 'DSOTYPENI'],
  [16, 'BADVERS'],
  [17, 'BADKEY'],
  [18, 'BADTIME'],
  [19, 'BADMODE'],
  [20, 'BADNAME'],
  [21, 'BADALG'],
  [22, 'BADTRUNC'],
  [23, 'BADCOOKIE'],
])

const numbers: ReadonlyMap<string, number> = new Map(
  Array.from(mnemonics, ([rcode, mnemonic]) => [mnemonic, rcode]),
)

/** The largest code that the four bits of the header and the eight of an OPT hold. */
const maxRcode = 0xfff

/** True when a reply leaves open whether its name exists. */
export function isFailure(rcode: number): boolean {
  return rcode !== Rcode.noError && rcode !== Rcode.nxDomain
}

export function renderRcode(rcode: number): string {
  return mnemonics.get(rcode) ?? `RCODE${rcode}`
}

/** Reads `NXDOMAIN`, `servfail` or `RCODE23`; `undefined` when it is none of them. */
export function parseRcode(text: string): number | undefined {
  const upper = text.toUpperCase()
  const generic = /^RCODE(\d{1,4})$/.exec(upper)
  if (!generic) return numbers.get(upper)
  const rcode = Number(generic[1])
  return rcode <= maxRcode ? rcode : undefined
}
