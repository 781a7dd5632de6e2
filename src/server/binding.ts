import { type NetworkInterfaceInfo } from 'node:os'
import { type HostPort, renderHostPort } from '../lib/host-port.ts'

/** One address and port, and what is spoken there: `dns` over UDP and TCP, or `tls`, DNS over TLS (RFC 7858). */
export interface Binding extends HostPort {
  readonly scheme: 'dns' | 'tls'
}

/** True for an address that stands for every one of the machine, of one family or of both (`*`). */
export function isWildcard({ address }: HostPort): boolean {
  return address === '*' || address === '0.0.0.0' || address === '::'
}

/** `127.0.0.1:53`, or `tls://127.0.0.1:853`. */
export function renderBinding(binding: Binding): string {
  const text = renderHostPort(binding)
  return binding.scheme === 'dns' ? text : `${binding.scheme}://${text}`
}

/**
 * The bindings that `address:port` stands for. A wildcard becomes one binding per local address, because a wildcard UDP
 * socket answers from whichever address the kernel likes and clients drop such replies.
 */
export function expandWildcard(
  binding: Binding,
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>,
): Binding[] {
  if (!isWildcard(binding)) return [binding]
  const { scheme, port } = binding
  const isAnyFamily = binding.address === '*'
  const bindings = new Map<string, Binding>()
  for (const info of Object.values(interfaces).flat()) {
    if (!info || (!isAnyFamily && info.family !== binding.family)) continue
    // A link-local address is reached through one interface only, which its text has to name.
    if (info.family === 'IPv6' && info.scopeid !== 0) continue
    bindings.set(info.address, { address: info.address, family: info.family, port, scheme })
  }
  return [...bindings.values()]
}
