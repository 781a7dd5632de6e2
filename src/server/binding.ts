import { type NetworkInterfaceInfo } from 'node:os'

/** One address and port that is served over UDP and TCP. */
export interface Binding {
  readonly address: string
  readonly family: 'IPv4' | 'IPv6'
  readonly port: number
}

/** `127.0.0.1:1053` or `[::1]:1053`, as people and dig's `@` and `-p` take them apart. */
export function renderBinding({ address, family, port }: Binding): string {
  return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`
}

/**
 * The bindings that `address:port` stands for. A wildcard becomes one binding per local address, because a wildcard UDP
 * socket answers from whichever address the kernel likes and clients drop such replies.
 */
export function expandWildcard(
  binding: Binding,
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>,
): Binding[] {
  const isAnyFamily = binding.address === '*'
  if (!isAnyFamily && binding.address !== '0.0.0.0' && binding.address !== '::') return [binding]
  const bindings = new Map<string, Binding>()
  for (const info of Object.values(interfaces).flat()) {
    if (!info || (!isAnyFamily && info.family !== binding.family)) continue
    // A link-local address is reached through one interface only, which its text has to name.
    if (info.family === 'IPv6' && info.scopeid !== 0) continue
    bindings.set(info.address, { address: info.address, family: info.family, port: binding.port })
  }
  return [...bindings.values()]
}
