import { parseMaskedCidr } from '../../corefile/masked-cidr.ts'
import { renderRrClass } from '../../dns/rr-class.ts'
import { renderRrType } from '../../dns/rr-type.ts'
import { renderName } from '../../dns/wire-name.ts'
import { cidrContains } from '../../lib/cidr.ts'
import { formatIp, isIpv4Mapped, parseIp } from '../../lib/ip.ts'
import { clientBufferBytes } from '../client-buffer.ts'
import type { Query } from '../handler.ts'
import type { Expression, ExpressionType } from './expression.ts'
import { ExpressionError } from './expression-error.ts'

interface ViewFunction {
  /** All arguments are texts. */
  readonly parameters: readonly string[]
  readonly type: ExpressionType
  call(query: Query, ...values: readonly string[]): string | number | boolean
  /** Looks at arguments that are known when the Corefile is read. */
  check?(...values: readonly (string | undefined)[]): void
}

const functions: Readonly<Record<string, ViewFunction>> = {
  bufsize: { parameters: [], type: 'number', call: clientBufferBytes },
  class: {
    parameters: [],
    type: 'text',
    call: query => renderRrClass(query.class),
  },
  client_ip: { parameters: [], type: 'text', call: ({ client }) => plainAddress(client.address) },
  do: { parameters: [], type: 'boolean', call: ({ edns }) => edns?.dnssecOk ?? false },
  id: { parameters: [], type: 'number', call: ({ id }) => id },
  incidr: {
    parameters: ['ADDRESS', 'NETWORK'],
    type: 'boolean',
    call: (_query, address, network) => isInNetwork(address, network),
    check: (_address, network) => {
      if (network !== undefined && !parseMaskedCidr(network)) {
        throw new ExpressionError(`${JSON.stringify(network)} is not a network like 10.0.0.0/8`)
      }
    },
  },
  metadata: {
    parameters: ['LABEL'],
    type: 'text',
    call: ({ metadata }, label) => metadata.get(label)?.() ?? '',
  },
  name: { parameters: [], type: 'text', call: ({ name }) => renderName(name) },
  // Other messages than queries are not answered here.
  opcode: { parameters: [], type: 'number', call: () => 0 },
  port: { parameters: [], type: 'text', call: ({ client }) => String(client.port) },
  proto: {
    parameters: [],
    type: 'text',
    call: ({ client }) => (client.transport === 'udp' ? 'udp' : 'tcp'),
  },
  server_ip: {
    parameters: [],
    type: 'text',
    call: ({ server }) => plainAddress(server?.address ?? ''),
  },
  server_port: { parameters: [], type: 'text', call: ({ server }) => String(server?.port ?? '') },
  size: { parameters: [], type: 'number', call: ({ messageBytes }) => messageBytes },
  type: { parameters: [], type: 'text', call: ({ type }) => renderRrType(type) },
}

const functionNames: readonly string[] = Object.keys(functions)

/** The call of a function; throws an ExpressionError where it is none or takes other arguments. */
export function callOf(name: string, values: readonly Expression[]): Expression {
  const known = Object.hasOwn(functions, name) ? functions[name] : undefined
  if (!known) {
    const list = functionNames.map(one => `${one}()`).join(', ')
    throw new ExpressionError(`${name} is not known: known are ${list}`)
  }
  const { parameters, type } = known
  if (values.length !== parameters.length || values.some(value => value.type !== 'text')) {
    throw new ExpressionError(
      `${name}() takes ${parameters.length === 0 ? 'nothing' : `(${parameters.join(', ')}) as texts`}`,
    )
  }
  known.check?.(...values.map(value => value.constant as string | undefined))
  return { type, of: query => known.call(query, ...values.map(value => value.of(query) as string)) }
}

/** Without the scope, and as IPv4 where it is IPv4-mapped. */
function plainAddress(text: string): string {
  const address = parseIp(text.replace(/%.*/, ''))
  if (!address) return text
  return formatIp(isIpv4Mapped(address) ? address.slice(12) : address)
}

function isInNetwork(address: string, network: string): boolean {
  const bytes = parseIp(address)
  const cidr = parseMaskedCidr(network)
  return bytes !== undefined && cidr !== undefined && cidrContains(cidr, bytes)
}
