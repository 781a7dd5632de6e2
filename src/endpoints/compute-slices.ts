import { familyOfText, type IpFamily } from '../lib/ip.ts'
import type { Endpoint, EndpointPort, EndpointSlice } from '../objects/endpoint-slice.ts'
import { type Labels, matchesLabels, noLabels } from '../objects/labels.ts'
import type { ContainerPort, Pod } from '../objects/pod.ts'
import { headlessClusterIp, type Service } from '../objects/service.ts'
import { generateName } from './generated-name.ts'
import { endpointPortsOf, endpointsOf, portsKey } from './pod-endpoints.ts'
import { placeEndpoints } from './place-endpoints.ts'

interface SliceInput {
  readonly service: Service
  /** Pods of the Service's namespace; those that its selector does not match are passed over. */
  readonly pods: Iterable<Pod>
  /** What an earlier call returned for this Service. */
  readonly existing: readonly EndpointSlice[]
  /**
   * Names of the pods that changed since then. With it `pods` holds only those of them that are
   * still there, and the endpoints of all other pods stay as they are.
   */
  readonly changedPods?: ReadonlySet<string>
}

type Ports = readonly EndpointPort[]

/** Endpoints of one family that serve the same ports, and the slices that held such so far. */
interface SliceGroup {
  readonly family: IpFamily
  /** Of family and ports. */
  readonly key: string
  readonly ports: Ports
  readonly existing: EndpointSlice[]
  readonly desired: Endpoint[]
}

/**
 * The slices of a Service with a selector: one group per family and port set, at most 100 endpoints
 * in each slice, as few slices changed as possible. Endpoints and slices that did not change are the
 * same objects as in `existing`, and so is the whole array. No placeholder slices, and no slices at
 * all without a selector. The rules are those of the EndpointSlice controller of Kubernetes 1.36.
 */
export function computeSlices(input: SliceInput): readonly EndpointSlice[] {
  const { service, existing, changedPods } = input
  const families = familiesOf(service)
  const groups = new Map<string, SliceGroup>()
  const byPorts = { IPv4: new Map<Ports, SliceGroup>(), IPv6: new Map<Ports, SliceGroup>() }
  const spare: EndpointSlice[] = []

  const groupOf = (family: IpFamily, ports: Ports): SliceGroup => {
    const known = byPorts[family].get(ports)
    if (known) return known
    const key = `${family}/${portsKey(ports)}`
    const group = groups.get(key) ?? { family, key, ports, existing: [], desired: [] }
    groups.set(key, group)
    byPorts[family].set(ports, group)
    return group
  }

  for (const slice of existing) {
    const family = families.find(candidate => candidate === slice.addressType)
    if (family) groupOf(family, slice.ports).existing.push(slice)
    else spare.push(slice)
  }
  const isSelected = podSelector(service)
  const portsOf = portResolver(service)
  for (const pod of families.length === 0 ? [] : input.pods) {
    if (!isSelected(pod)) continue
    const ports = portsOf(pod.ports)
    for (const family of families) {
      const endpoints = endpointsOf(service, pod, family)
      if (endpoints.length > 0) groupOf(family, ports).desired.push(...endpoints)
    }
  }

  const slices: EndpointSlice[] = []
  const created: { group: SliceGroup; endpoints: readonly Endpoint[] }[] = []
  for (const group of groups.values()) {
    const placed = placeEndpoints(group.existing, group.desired, changedPods)
    slices.push(...placed.kept)
    spare.push(...placed.emptied)
    for (const endpoints of placed.created) created.push({ group, endpoints })
  }
  for (const [i, slice] of slices.entries()) slices[i] = labelled(slice, service)
  if (spare.length === 0 && created.length === 0 && slices.every((s, i) => s === existing[i])) {
    return existing
  }
  const names = new Set(slices.map(slice => slice.name))
  for (const { group, endpoints } of created) {
    const name = spareName(spare, group.family) ?? newName(service, group, names)
    names.add(name)
    slices.push({
      kind: 'EndpointSlice',
      namespace: service.namespace,
      name,
      serviceName: service.name,
      ...labelsOf(service),
      addressType: group.family,
      ports: group.ports,
      endpoints,
    })
  }
  // An array that grew has room for 17; there is one for each Service.
  return slices.slice()
}

/** The slice with the labels that its Service has now. */
function labelled(slice: EndpointSlice, service: Service): EndpointSlice {
  const { labels = noLabels, ...rest } = slice
  const isSame = matchesLabels(labels, service.labels) && matchesLabels(service.labels, labels)
  return isSame ? slice : { ...rest, ...labelsOf(service) }
}

/** Left out where there are none, as in a slice that is read. */
function labelsOf({ labels }: Service): Pick<EndpointSlice, 'labels'> {
  return labels === noLabels ? {} : { labels }
}

/** The families that the Service has slices in; none when its endpoints are not ours to compute. */
function familiesOf(service: Service): readonly IpFamily[] {
  if (service.type === 'ExternalName' || service.selector === undefined) return []
  if (service.ipFamilies.length > 0) return service.ipFamilies
  const { clusterIP } = service
  const family = clusterIP === headlessClusterIp ? undefined : familyOfText(clusterIP)
  return family ? [family] : ['IPv4', 'IPv6']
}

/** Compares labels once for all pods of a workload, which share them. */
function podSelector({ selector }: Service): (pod: Pod) => boolean {
  let lastLabels: Labels | undefined
  let isSelected = false
  return ({ labels }) => {
    if (labels !== lastLabels)
      isSelected = selector !== undefined && matchesLabels(selector, labels)
    lastLabels = labels
    return isSelected
  }
}

/** Resolves ports once for all pods of a template, or once for all when no target port is a name. */
function portResolver(service: Service): (containerPorts: readonly ContainerPort[]) => Ports {
  const isNamed = service.ports.some(port => typeof port.targetPort === 'string')
  let resolvedFor: readonly ContainerPort[] | undefined
  let resolved: Ports = []
  return containerPorts => {
    if (resolvedFor === undefined || (isNamed && containerPorts !== resolvedFor)) {
      resolvedFor = containerPorts
      resolved = endpointPortsOf(service, containerPorts)
    }
    return resolved
  }
}

/** A slice that would be deleted is rather filled anew: one change instead of two. */
function spareName(spare: EndpointSlice[], family: IpFamily): string | undefined {
  const index = spare.findIndex(slice => slice.addressType === family)
  return index < 0 ? undefined : spare.splice(index, 1)[0]!.name
}

function newName(service: Service, group: SliceGroup, taken: ReadonlySet<string>): string {
  const owner = `${service.namespace}/${service.name}`
  const seed = `${owner}/${group.key}/${taken.size}`
  return generateName(`${service.name}-`, seed, taken)
}
