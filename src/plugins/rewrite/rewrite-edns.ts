import { ednsPayloadBytes, type EdnsOption } from '../../dns/edns.ts'
import { renderName } from '../../dns/wire-name.ts'
import { type IpBytes, isIpv4Mapped, parseIp } from '../../lib/ip.ts'
import type { Query } from '../handler.ts'
import type { EdnsChange, EdnsChangeOption } from './rewrite-rule.ts'

/** What has become of the options of a query. */
export interface EdnsResult {
  readonly query: Query
  /** Puts the option of the rule back to what it was, for the reply. Absent where the rule does not say `revert`. */
  readonly revert?: (options: readonly EdnsOption[]) => readonly EdnsOption[]
}

/** Applies a rule to the options of the query; `undefined` where it changes nothing. */
export function rewriteEdns(change: EdnsChange, query: Query): EdnsResult | undefined {
  const { action, option, reverts } = change
  const { code } = option
  const options = query.edns?.options ?? []
  if (action === 'unset') {
    return {
      query: withOptions(
        query,
        options.filter(other => other.code !== code),
      ),
    }
  }
  const position = options.findIndex(other => other.code === code)
  const isThere = position >= 0
  if (isThere ? action === 'append' : action === 'replace') return undefined
  const data = dataOf(option, query)
  if (!data) return undefined
  const changed = isThere ? options.with(position, { code, data }) : [...options, { code, data }]
  const before = options[position]
  return {
    query: withOptions(query, changed),
    ...(reverts && {
      revert: now =>
        before
          ? now.map(other => (other.code === code ? before : other))
          : now.filter(other => other.code !== code),
    }),
  }
}

function withOptions(query: Query, options: readonly EdnsOption[]): Query {
  const edns = query.edns ?? { payloadBytes: ednsPayloadBytes, dnssecOk: false }
  return { ...query, edns: { ...edns, options } }
}

/** `undefined` where the query does not know what the option should say. */
function dataOf(option: EdnsChangeOption, query: Query): Uint8Array | undefined {
  switch (option.kind) {
    case 'nsid':
      return new Uint8Array()
    case 'subnet':
      return subnetOf(query, option)
    default:
      return 'bytes' in option.value
        ? option.value.bytes
        : valueOfVariable(option.value.variable, query)
  }
}

function valueOfVariable(variable: string, query: Query): Uint8Array | undefined {
  const { client, server } = query
  switch (variable) {
    case 'qname':
      return textBytes(renderName(query.spelling))
    case 'qtype':
      return uint16(query.type)
    case 'client_ip':
      return addressOf(client.address)
    case 'client_port':
      return uint16(client.port)
    case 'protocol':
      return textBytes(client.transport === 'udp' ? 'udp' : 'tcp')
    case 'server_ip':
      return server && addressOf(server.address)
    case 'server_port':
      return server && uint16(server.port)
    default: {
      const value = query.metadata.get(variable)?.() ?? ''
      return value === '' ? undefined : textBytes(value)
    }
  }
}

/** Family, bits, 0, and as many bytes of the address as the bits take. RFC 7871 §6. */
function subnetOf(
  { client }: Query,
  { ipv4Bits, ipv6Bits }: EdnsChangeOption & { kind: 'subnet' },
): Uint8Array | undefined {
  const address = addressOf(client.address)
  if (!address) return undefined
  const isIpv4 = address.length === 4
  const bits = isIpv4 ? ipv4Bits : ipv6Bits
  const data = new Uint8Array(4 + Math.ceil(bits / 8))
  data.set([0, isIpv4 ? 1 : 2, bits, 0])
  data.set(address.subarray(0, data.length - 4), 4)
  if (bits % 8 > 0) data[data.length - 1]! &= 0xff << (8 - (bits % 8))
  return data
}

/** The address of a socket, which may have a scope; an IPv4-mapped one is IPv4. */
function addressOf(text: string): IpBytes | undefined {
  const address = parseIp(text.replace(/%.*/, ''))
  return address && isIpv4Mapped(address) ? address.slice(12) : address
}

function textBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function uint16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff)
}
