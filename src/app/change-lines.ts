import type { LogFields } from '../lib/logger.ts'
import { headlessClusterIp, type Service } from '../objects/service.ts'
import type { ServiceView, StoreDelta } from '../store/cluster.ts'

/** Changes in one step that people still read one by one. */
const mostLines = 20

interface ChangeLine {
  readonly message: string
  readonly fields?: LogFields
}

/** What a step did to Services: one line for each, or one for all with counts where there are many. */
export function describeChanges(delta: StoreDelta): ChangeLine[] {
  const changes = delta.services.filter(({ before, after }) => before?.service ?? after?.service)
  if (changes.length <= mostLines) return changes.map(change => ({ message: renderChange(change) }))
  const added = changes.filter(({ before }) => !before?.service).length
  const removed = changes.filter(({ after }) => !after?.service).length
  const changed = changes.length - added - removed
  return [{ message: 'services changed', fields: { added, changed, removed } }]
}

function renderChange({ namespace, name, before, after }: StoreDelta['services'][number]): string {
  const was = before?.service
  const is = after?.service
  const key = `${namespace}/${name}`
  if (!is) return `service ${key} removed`
  if (!was) return `service ${key} added: ${renderTarget(is)}${renderReady(after)}`
  const [from, to] = [readyCount(before), readyCount(after)]
  if (from !== to) return `service ${key}: ${from} → ${renderCount(to, 'ready endpoint')}`
  return `service ${key} changed: ${renderTarget(is)}${renderReady(after)}`
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
