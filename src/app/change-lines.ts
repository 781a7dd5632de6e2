import { headlessClusterIp, type Service } from '../objects/service.ts'
import type { ServiceView, StoreDelta } from '../store/cluster.ts'

/** One line for each Service that a step made, changed or removed, for people who follow a terminal. */
export function renderChanges(delta: StoreDelta): string[] {
  return delta.services.flatMap(({ namespace, name, before, after }) => {
    const was = before?.service
    const is = after?.service
    const key = `${namespace}/${name}`
    if (is && !was) return [`service ${key} added: ${renderTarget(is)}${renderReady(after)}`]
    if (was && !is) return [`service ${key} removed`]
    if (!is) return []
    const [from, to] = [readyCount(before), readyCount(after)]
    if (from !== to) return [`service ${key}: ${from} → ${renderCount(to, 'ready endpoint')}`]
    return [`service ${key} changed: ${renderTarget(is)}${renderReady(after)}`]
  })
}

function renderTarget({ type, clusterIPs, externalName, ports }: Service): string {
  if (type === 'ExternalName') return externalName
  const numbers = ports.map(({ port, protocol }) => `${port}/${protocol}`).join(',')
  const address = clusterIPs[0] === headlessClusterIp ? 'headless' : clusterIPs.join(',')
  return numbers === '' ? address : `${address} ${numbers}`
}

function renderReady(view: ServiceView | undefined): string {
  return view?.service?.type === 'ExternalName'
    ? ''
    : `, ${renderCount(readyCount(view), 'ready endpoint')}`
}

/** `1 file`, `2 files`. */
export function renderCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** Ready addresses, each once; of a dual-stack Service those of the family that has more, which is its pods. */
export function readyCount(view: ServiceView | undefined): number {
  const ready = { IPv4: new Set<string>(), IPv6: new Set<string>(), FQDN: new Set<string>() }
  for (const slice of view?.slices ?? []) {
    for (const endpoint of slice.endpoints)
      if (endpoint.ready) ready[slice.addressType].add(endpoint.address)
  }
  return Math.max(ready.IPv4.size, ready.IPv6.size, ready.FQDN.size)
}
