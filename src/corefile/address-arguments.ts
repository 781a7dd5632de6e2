import type { Cidr } from '../lib/cidr.ts'
import { parseIp } from '../lib/ip.ts'
import type { Argument } from './argument.ts'
import { parseMaskedCidr } from './masked-cidr.ts'

/** Where to listen. */
export interface ListenAddress {
  /** An address or a host name; empty for every address of the machine. */
  readonly host: string
  readonly port: number
}

/** A network, bits beyond its prefix dropped; a bare address is the network of that one address. */
export const cidr: Argument<Cidr> = {
  expected: 'a network like 10.0.0.0/8',
  parse(word) {
    if (word.includes('/')) return parseMaskedCidr(word)
    return parseMaskedCidr(word.includes(':') ? `${word}/128` : `${word}/32`)
  },
}

/** `:8080`, `localhost:9153`, `127.0.0.1:9153`, `[::1]:9153`, or a host alone with the default port. */
export function hostPort(defaultPort: number): Argument<ListenAddress> {
  return {
    expected: `an address like :${defaultPort} or 127.0.0.1:${defaultPort}`,
    parse: word => parseListenAddress(word, defaultPort),
  }
}

function parseListenAddress(word: string, defaultPort: number): ListenAddress | undefined {
  const bareIp = parseIp(word)
  if (bareIp) return { host: word, port: defaultPort }
  const match = /^(?:\[([^\]]*)\]|([\w.-]*))(?::(\d{1,5}))?$/.exec(word)
  if (!match || word === '') return undefined
  const [, bracketed, plain = '', portText] = match
  const port = portText === undefined ? defaultPort : Number(portText)
  if (port > 65_535 || (bracketed !== undefined && parseIp(bracketed)?.length !== 16)) {
    return undefined
  }
  return { host: bracketed ?? plain, port }
}
