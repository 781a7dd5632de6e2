import type { Answer, DecodedPacket } from 'dns-packet'
import type { HostPort } from '../lib/host-port.ts'
import { parseRrType } from '../dns/rr-type.ts'
import { QueryError, queryServer } from './query-client.ts'

export interface QueryReport {
  /** NOERROR with at least one record. */
  readonly hasAnswer: boolean
  /** As dig prints a reply: a line of facts, then each section in zone-file form. */
  readonly text: string
  readonly json: object
}

/** Asks one question and tells what came back. Rejects with QueryError when nothing usable did or the type is unknown. */
export async function reportQuery(question: {
  readonly server: HostPort
  readonly name: string
  /** `A`, `srv`, `TYPE65`. */
  readonly type: string
  readonly transport: 'udp' | 'tcp'
}): Promise<QueryReport> {
  const type = parseRrType(question.type)
  if (type === undefined)
    throw new QueryError(
      'question',
      `"${question.type}" is no record type: expected A, AAAA, SRV, PTR, … or TYPE1234`,
    )
  const { reply, transport, replyBytes, durationMs } = await queryServer({ ...question, type })
  const { rcode } = reply as unknown as { rcode: string }
  const flags = (['aa', 'tc', 'rd', 'ra', 'ad', 'cd'] as const).filter(
    flag => reply[`flag_${flag}`],
  )
  const sections = {
    answer: linesOf(reply.answers),
    authority: linesOf(reply.authorities),
    additional: linesOf(reply.additionals),
  }
  const facts = `${rcode} (${flags.join(' ')}) ${replyBytes} bytes over ${transport} in ${durationMs.toFixed(1)} ms`
  const text = [facts]
  for (const [section, lines] of Object.entries(sections)) {
    if (lines.length > 0) text.push('', `${section}:`, ...lines.map(line => `  ${line}`))
  }
  return {
    hasAnswer: rcode === 'NOERROR' && sections.answer.length > 0,
    text: `${text.join('\n')}\n`,
    json: {
      rcode,
      flags,
      transport,
      bytes: replyBytes,
      ms: Number(durationMs.toFixed(1)),
      ...sections,
    },
  }
}

function linesOf(records: DecodedPacket['answers']): string[] {
  return (records ?? []).filter(record => record.type !== 'OPT').map(renderRecord)
}

function renderRecord(record: Answer): string {
  if (record.type === 'OPT') return ''
  const { name, ttl = 0, type } = record as { name: string; ttl?: number; type: string }
  return `${name}. ${ttl} IN ${type} ${renderData(record)}`
}

function renderData(record: Answer): string {
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return record.data
    case 'CNAME':
    case 'NS':
    case 'PTR':
    case 'DNAME':
      return `${record.data}.`
    case 'SRV': {
      const { priority = 0, weight = 0, port, target } = record.data
      return `${priority} ${weight} ${port} ${target}.`
    }
    case 'MX':
      return `${record.data.preference ?? 0} ${record.data.exchange}.`
    case 'TXT':
      return [record.data]
        .flat()
        .map(text => JSON.stringify(text.toString()))
        .join(' ')
    case 'SOA': {
      const { mname, rname, serial, refresh, retry, expire, minimum } = record.data
      return `${mname}. ${rname}. ${[serial, refresh, retry, expire, minimum].join(' ')}`
    }
    default: {
      const { data } = record as { data?: unknown }
      return Buffer.isBuffer(data)
        ? `\\# ${data.length} ${data.toString('hex')}`
        : JSON.stringify(data)
    }
  }
}
