import { isIP } from 'node:net'
import type { Argument } from '../../corefile/argument.ts'
import type { IpFamily } from '../../lib/ip.ts'

/** A server to ask, and how. */
export interface UpstreamAddress {
  /** Numeric; a link-local address may have its interface: `fe80::1%eth0`. */
  readonly address: string
  readonly family: IpFamily
  readonly port: number
  readonly scheme: 'dns' | 'tls'
  /** The name that the certificate must have; the address itself when `undefined`. */
  readonly serverName: string | undefined
}

/** What stands behind FROM: a server, or a file with servers like /etc/resolv.conf. */
export type UpstreamTarget = UpstreamAddress | { readonly file: string }

const ports = { dns: 53, tls: 853 } as const

const schemesElsewhere: Readonly<Record<string, string>> = {
  https: 'DNS over HTTPS upstreams are not supported: use tls:// or a plain address',
  grpc: 'gRPC upstreams are not supported: use tls:// or a plain address',
  quic: 'DNS over QUIC upstreams are not supported: use tls:// or a plain address',
}

/** `8.8.8.8`, `[2001:db8::1]:5353`, `dns://…`, `tls://9.9.9.9%dns.quad9.net:853`, or the path of a file. */
export const upstreamTarget: Argument<UpstreamTarget> = {
  expected: 'an IP address, dns:// or tls:// with one, or a file like /etc/resolv.conf',
  parse: parseTarget,
  explain(word) {
    const scheme = /^([a-z0-9]+):\/\//i.exec(word)?.[1]?.toLowerCase()
    if (scheme !== undefined) return schemesElsewhere[scheme]
    return /^[\w-]+(?:\.[\w-]+)*\.?(?::\d+)?$/.test(word)
      ? 'host names of upstreams are not supported, nor is a resolver for them'
      : undefined
  },
}

function parseTarget(word: string): UpstreamTarget | undefined {
  const [, scheme = 'dns', body = ''] = /^(?:([a-z0-9]+):\/\/)?(.*)$/i.exec(word) ?? []
  const known = scheme.toLowerCase()
  if (known !== 'dns' && known !== 'tls') return undefined
  if (body === word && word.includes('/')) return { file: word }
  return parseServer(body, known)
}

/** A server by its address and port; with tls, the part behind `%` is the name in its certificate. */
export function parseServer(
  text: string,
  scheme: UpstreamAddress['scheme'],
): UpstreamAddress | undefined {
  const match =
    /^(?:\[(?<v6>[^\]%]+)(?:%(?<n1>[^\]]+))?\]|(?<v4>[\d.]+))(?:%(?<n2>[^:]+))?(?::(?<port>\d{1,5}))?$/.exec(
      text,
    ) ?? /^(?<v6>[^[\]%]*:[^[\]%]*)(?:%(?<n1>[^\]:]+))?(?::(?<port>\d{1,5}))?$/.exec(text)
  if (!match?.groups) return undefined
  const { v4, v6, n1, n2, port: portText } = match.groups
  const host = v4 ?? v6 ?? ''
  const label = n1 ?? n2
  const version = isIP(host)
  const port = portText === undefined ? ports[scheme] : Number(portText)
  if (version === 0 || (v6 !== undefined) !== (version === 6)) return undefined
  if (port < 1 || port > 65_535) return undefined
  const isZone = scheme === 'dns' && label !== undefined
  if (isZone && version === 4) return undefined
  return {
    address: isZone ? `${host}%${label}` : host,
    family: version === 4 ? 'IPv4' : 'IPv6',
    port,
    scheme,
    serverName: scheme === 'tls' ? label : undefined,
  }
}
