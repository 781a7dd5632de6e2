import { Flag2, Flag3 } from '../../dns/header.ts'
import { renderRcode } from '../../dns/rcode.ts'
import { renderRrClass } from '../../dns/rr-class.ts'
import { renderRrType } from '../../dns/rr-type.ts'
import { renderName } from '../../dns/wire-name.ts'
import { clientBufferBytes } from '../client-buffer.ts'
import type { Exchange } from '../exchange.ts'
import type { Query } from '../handler.ts'
import { replyClass, type ReplyKind } from './reply-class.ts'

/** What a line is about. */
interface LoggedExchange {
  readonly exchange: Exchange
  readonly query: Query
  readonly kind: ReplyKind
}

export type LineFormat = (logged: LoggedExchange) => string

/** Where nothing is known. */
const unknown = '-'

const placeholders: Readonly<Record<string, LineFormat>> = {
  type: ({ query }) => renderRrType(query.type),
  name: ({ query }) => renderName(query.name),
  class: ({ query }) => renderRrClass(query.class),
  proto: ({ query }) => protocolOf(query),
  size: ({ exchange }) => String(exchange.queryBytes),
  remote: ({ query }) => inBrackets(query.client.address),
  port: ({ query }) => String(query.client.port),
  local: ({ query }) => inBrackets(query.server?.address ?? unknown),
  '>id': ({ query }) => String(query.id),
  // Other messages than queries never come so far.
  '>opcode': () => '0',
  '>do': ({ exchange }) => String(exchange.dnssecOk),
  '>bufsize': ({ query }) => String(clientBufferBytes(query)),
  rcode: ({ exchange: { rcode } }) => {
    const name = renderRcode(rcode)
    return name.startsWith('RCODE') ? String(rcode) : name
  },
  rsize: ({ exchange }) => String(exchange.replyBytes),
  duration: ({ exchange }) => `${renderSeconds(exchange.durationMs)}s`,
  '>rflags': ({ exchange }) => renderFlags(exchange.flags),
  '/log/type': ({ kind }) => kind,
  '/log/class': ({ kind }) => replyClass(kind),
}

/** Makes a format of its text: `{name} {rcode} {/kubernetes/namespace}`. Braces around anything else stay as they are. */
export function parseLogFormat(text: string): LineFormat {
  const parts = text.split(/(\{[^{}]*\})/).map((part): string | LineFormat => {
    if (!part.startsWith('{') || !part.endsWith('}')) return part
    const name = part.slice(1, -1)
    if (Object.hasOwn(placeholders, name)) return placeholders[name]!
    return name.startsWith('/') ? metadataOf(name.slice(1)) : part
  })
  return logged => parts.map(part => (typeof part === 'string' ? part : part(logged))).join('')
}

function metadataOf(name: string): LineFormat {
  return ({ query }) => withoutControls(query.metadata.get(name)?.() ?? unknown)
}

/** Plugins know things from clients: no byte of theirs ends the line or reaches a terminal. */
function withoutControls(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\u2028\u2029]/gu,
    char => `\\${String(char.charCodeAt(0)).padStart(3, '0')}`,
  )
}

function protocolOf({ client }: Query): 'udp' | 'tcp' {
  return client.transport === 'udp' ? 'udp' : 'tcp'
}

function inBrackets(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}

/** To the nanosecond, without zeros at the end. */
function renderSeconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(9).replace(/\.?0+$/, '')
}

const flagNames: readonly (readonly [flag: number, name: string])[] = [
  [Flag2.qr << 8, 'qr'],
  [Flag2.aa << 8, 'aa'],
  [Flag2.tc << 8, 'tc'],
  [Flag2.rd << 8, 'rd'],
  [Flag3.ra, 'ra'],
  [Flag3.z, 'z'],
  [Flag3.ad, 'ad'],
  [Flag3.cd, 'cd'],
]

function renderFlags(flags: number): string {
  const set = flagNames.filter(([flag]) => (flags & flag) !== 0)
  return set.length === 0 ? unknown : set.map(([, name]) => name).join(',')
}
