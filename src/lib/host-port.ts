import { type IpFamily, familyOfText } from './ip.ts'

export interface HostPort {
  /** Numeric, or `*` for every address of the machine. */
  readonly address: string
  readonly family: IpFamily
  readonly port: number
}

/**
 * Reads `127.0.0.1:1053`, `[::1]:1053`, `:1053` (every address) or an address alone, which gets `defaultPort`. `undefined`
 * when it is none of them.
 */
export function parseHostPort(text: string, defaultPort: number): HostPort | undefined {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(text)
  const address = match ? (match[1] ?? match[2]!) : text
  const port = match?.[3] === undefined ? defaultPort : Number(match[3])
  if (port > 65_535) return undefined
  if (match && address === '' && match[1] === undefined && match[3] !== undefined) {
    return { address: '*', family: 'IPv4', port }
  }
  const family = familyOfText(address)
  if (!family || (match?.[1] !== undefined && family !== 'IPv6')) return undefined
  return { address, family, port }
}

/** `127.0.0.1:1053` or `[::1]:1053`. */
export function renderHostPort({ address, family, port }: HostPort): string {
  return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`
}
