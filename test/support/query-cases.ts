import packet, { type Answer, type DecodedPacket } from 'dns-packet'
import { parseRrType, renderRrType } from '../../src/dns/rr-type.ts'

/** What of a reply a case asks for. A section that is left out must be empty. */
interface Expected {
  /** NOERROR when not given. */
  readonly rcode?: string
  /** Zone-file lines. Order counts for CNAMEs, which come first; not for the rest. */
  readonly answer?: readonly string[]
  /** Zone-file lines, or `soa` for the SOA record of the zone, whatever its serial. */
  readonly authority?: readonly string[] | 'soa'
  readonly additional?: readonly string[]
  /** True when not given. */
  readonly aa?: boolean
}

/** One question and its reply, as data: the same cases run against any server. */
export interface QueryCase extends Expected {
  /** `web.default.svc.cluster.local. A` */
  readonly query: string
  /** The sentence that the case checks. */
  readonly says?: string
  /** What CoreDNS replies where that is something else, and why we do not. */
  readonly coredns?: Expected & { readonly why: string }
}

/** Sends one message and gives the reply, or `undefined` for silence. */
export type Ask = (message: Buffer) => Buffer | undefined | Promise<Buffer | undefined>

interface Comparer {
  same(found: unknown, wanted: unknown, name: string): unknown
}

/** Compares every case with the subject's reply; which expectation counts depends on the subject. */
export async function checkCases(
  t: Comparer,
  ask: Ask,
  cases: readonly QueryCase[],
  subject: 'signpost' | 'coredns' = 'signpost',
): Promise<void> {
  for (const one of cases) {
    const expected: Expected = subject === 'coredns' && one.coredns ? one.coredns : one
    const reply = await ask(encodeQuery(one.query))
    const found = reply ? readReply(reply) : 'silence'
    t.same(found, wanted(expected), `${one.query}${one.says ? ` — ${one.says}` : ''}`)
  }
}

/** A query as message with RD set. Types without a mnemonic in dns-packet are written `TYPE65`. */
export function encodeQuery(query: string, id = 0x1234): Buffer {
  const [name = '', type = 'A'] = query.split(' ')
  const message = packet.encode({
    type: 'query',
    id,
    flags: packet.RECURSION_DESIRED,
    questions: [{ type: 'A', name }],
  })
  message.writeUInt16BE(parseRrType(type)!, message.length - 4)
  return message
}

function wanted(expected: Expected): object {
  const authority = expected.authority ?? []
  return {
    rcode: expected.rcode ?? 'NOERROR',
    aa: expected.aa ?? true,
    answer: inOrder(expected.answer ?? []),
    authority: authority === 'soa' ? ['SOA'] : inOrder(authority),
    additional: inOrder(expected.additional ?? []),
  }
}

function readReply(bytes: Buffer): object {
  const reply = packet.decode(bytes) as DecodedPacket & { rcode: string; additionals: Answer[] }
  if (packet.decode.bytes !== bytes.length) throw new Error('Bytes behind the last record')
  return {
    rcode: reply.rcode,
    aa: reply.flag_aa,
    answer: inOrder((reply.answers ?? []).map(renderRecord)),
    authority: (reply.authorities ?? []).map(record =>
      record.type === 'SOA' ? soaSummary(record) : renderRecord(record),
    ),
    additional: inOrder(
      (reply.additionals ?? []).filter(record => record.type !== 'OPT').map(renderRecord),
    ),
  }
}

/** `SOA` where all but the serial is as it must be, so that a case need not repeat it. */
function soaSummary(record: Answer & { type: 'SOA' }): string {
  const { mname, rname, refresh, retry, expire, minimum } = record.data
  const isUsual =
    mname === `ns.dns.${record.name}` &&
    rname === `hostmaster.${record.name}` &&
    refresh === 7200 &&
    retry === 1800 &&
    expire === 86_400 &&
    record.ttl === Math.min(minimum ?? 0, 300)
  return isUsual ? 'SOA' : renderRecord(record)
}

function isAlias(line: string): boolean {
  return line.split(' ')[3] === 'CNAME'
}

function inOrder(lines: readonly string[]): readonly string[] {
  return [...lines.filter(isAlias), ...lines.filter(line => !isAlias(line)).sort()]
}

function renderRecord(record: Answer): string {
  if (record.type === 'OPT') return 'OPT'
  const type = renderRrType(parseRrType(record.type) ?? 0)
  return `${dotted(record.name)} ${(record as { ttl: number }).ttl} IN ${type} ${renderData(record)}`
}

function renderData(record: Answer): string {
  const { type } = record
  if (type === 'A' || type === 'AAAA') return record.data
  if (type === 'CNAME' || type === 'NS' || type === 'PTR') return dotted(record.data)
  if (type === 'TXT')
    return [record.data]
      .flat()
      .map(text => `"${String(text)}"`)
      .join(' ')
  if (type === 'SRV') {
    const { priority = 0, weight = 0, port, target } = record.data
    return `${priority} ${weight} ${port} ${dotted(target)}`
  }
  if (type === 'SOA') {
    const { mname, rname, serial, refresh, retry, expire, minimum } = record.data
    const numbers = [serial, refresh, retry, expire, minimum].join(' ')
    return `${dotted(mname)} ${dotted(rname)} ${numbers}`
  }
  return JSON.stringify(record)
}

function dotted(name: string): string {
  return name === '.' ? name : `${name}.`
}
