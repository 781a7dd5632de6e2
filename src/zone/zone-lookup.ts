import { parseDashedIp } from '../lib/dashed-ip.ts'
import { labelsOf, renderName, type WireName } from '../dns/wire-name.ts'
import { formatIp } from '../lib/ip.ts'
import type { ServiceView } from '../store/cluster.ts'
import type { ZoneFrame } from './cluster-zone-options.ts'
import type { PodRecords } from './pod-records.ts'
import type { Answer } from './resource-record.ts'
import type { ServiceName, ServiceRecords } from './service-records.ts'
import { shapeOf } from './service-shape.ts'
import { zonalDirectiveOf, zoneLabel } from './zonal-key.ts'

/** What a name of our own zone leads to. An ExternalName Service leads on; an empty name has no answers. */
export type Found =
  | { readonly alias: ServiceView }
  | { readonly alias: undefined; readonly answers: readonly Answer[] }

const emptyName: Found = { alias: undefined, answers: [] }

export interface LookupContext {
  readonly frame: ZoneFrame
  readonly services: ServiceRecords
  readonly pods: PodRecords
  /** Names that every zone has, by their text. */
  readonly fixed: ReadonlyMap<string, readonly Answer[]>
  readonly isShown: (namespace: string) => boolean
  readonly find: (namespace: string, name: string) => ServiceView | undefined
}

/** Answers of a name in the zone, worked out from the cluster: for the targets of ExternalName Services. */
export function lookupName(name: WireName, context: LookupContext): Found | undefined {
  const { apex } = context.frame
  const answers = context.fixed.get(renderName(name))
  if (answers) return { alias: undefined, answers }
  const labels = labelsOf(name.subarray(0, name.length - apex.length))
  const kind = labels.pop()
  if (kind === 'dns') return labels.length === 0 ? emptyName : undefined
  const namespace = labels.pop()
  if (namespace === undefined || !context.isShown(namespace)) return undefined
  if (kind === 'svc') return lookupService(namespace, labels, context)
  if (kind === 'pod') return lookupPod({ namespace, labels, name }, context)
  return undefined
}

/** The part of the cluster that the answers of a name depend on; see {@link lookupName}. */
export function dependencyOf(name: WireName, apex: WireName): string {
  const labels = labelsOf(name.subarray(0, name.length - apex.length))
  const [service, namespace, kind] = ['', '', ...labels].slice(-3)
  if (kind !== 'svc' && kind !== 'pod') return fixedDependency
  return kind === 'svc' ? `${namespace}/${service}` : namespaceDependency(namespace!)
}

/** Names that every zone has: they change with the name servers. */
export const fixedDependency = '/'

/** A namespace and its pods. */
export function namespaceDependency(namespace: string): string {
  return `${namespace}/`
}

function lookupService(
  namespace: string,
  labels: string[],
  { frame, services, find }: LookupContext,
): Found | undefined {
  const service = labels.pop()
  if (service === undefined) return emptyName
  const view = find(namespace, service)
  if (!view) return undefined
  const key = labels.join('.')
  if (shapeOf(view, frame) === 'alias') return key === '' ? { alias: view } : undefined
  const names = services.names(view)
  const found = names.find(name => name.key === key)
  if (found) return { alias: undefined, answers: found.answers() }
  const isEmpty = names.some(name => key === '' || name.key.endsWith(`.${key}`))
  return isEmpty ? emptyName : lookupUnknownZone(key, names)
}

/** A zone without endpoints: `prefer` takes those of all zones, `pin` none. */
function lookupUnknownZone(key: string, names: readonly ServiceName[]): Found | undefined {
  const directive = zonalDirectiveOf(key)
  const hasZones = names.some(name => name.key === `${directive}.${zoneLabel}`)
  if (!directive || !hasZones) return undefined
  const base = names.find(name => name.key === '')!
  return directive === 'pin' ? emptyName : { alias: undefined, answers: base.answers() }
}

function lookupPod(
  { namespace, labels, name }: { namespace: string; labels: string[]; name: WireName },
  { frame, pods }: LookupContext,
): Found | undefined {
  if (frame.podMode === 'disabled') return undefined
  const label = labels.pop()
  if (label === undefined) return emptyName
  const address = parseDashedIp(label)
  if (!address || labels.length > 0) return undefined
  const isKnown = frame.podMode === 'insecure' || pods.has(namespace, formatIp(address))
  return isKnown ? { alias: undefined, answers: pods.answers(name, address) } : undefined
}
