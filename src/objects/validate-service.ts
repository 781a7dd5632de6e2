import { checkIp, checkNotSpecial } from './address-rules.ts'
import { type FieldProblem, FieldReader } from './field-reader.ts'
import { checkDnsLabel, checkDnsSubdomain, checkLabelKey } from './name-rules.ts'
import {
  checkPortNumber,
  validatePortNumber,
  validatePortNumberOrName,
  validateProtocol,
} from './port-rules.ts'
import type { RawObject } from './raw-value.ts'
import { headlessClusterIp } from './service.ts'
import { validateLabels, validateMetadata } from './validate-metadata.ts'

const serviceTypes = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'] as const
const maxAffinitySeconds = 86_400

const specFields: ReadonlySet<string> = new Set([
  'allocateLoadBalancerNodePorts',
  'clusterIP',
  'clusterIPs',
  'externalIPs',
  'externalName',
  'externalTrafficPolicy',
  'healthCheckNodePort',
  'internalTrafficPolicy',
  'ipFamilies',
  'ipFamilyPolicy',
  'loadBalancerClass',
  'loadBalancerIP',
  'loadBalancerSourceRanges',
  'ports',
  'publishNotReadyAddresses',
  'selector',
  'sessionAffinity',
  'sessionAffinityConfig',
  'trafficDistribution',
  'type',
])

const portFields: ReadonlySet<string> = new Set([
  'appProtocol',
  'name',
  'nodePort',
  'port',
  'protocol',
  'targetPort',
])

/**
 * What the API server would refuse in a Service as written, without what depends on the cluster:
 * families, ranges and addresses in use are the allocator's. Kubernetes 1.36: `ValidateService`.
 */
export function validateService(api: RawObject): readonly FieldProblem[] {
  const root = FieldReader.of(api)
  validateMetadata(root, { name: 'label', scope: 'namespaced' })
  const spec = root.object('spec')
  warnOfUnknownFields(spec, specFields)
  const type = spec.oneOf('type', serviceTypes) || 'ClusterIP'
  const headless = readsHeadless(spec)

  if (type === 'ExternalName') validateExternalName(spec)
  else if (!headless && !spec.isSet('ports')) spec.required(spec.at('ports'))
  if (headless && (type === 'NodePort' || type === 'LoadBalancer')) {
    spec.invalid(
      `${spec.at('clusterIPs')}[0]`,
      headlessClusterIp,
      `may not be set to 'None' for ${type} services`,
    )
  }
  validatePorts(spec.objects('ports'), type)
  validateLabels(spec, 'selector')
  validateAddresses(spec)
  validateSessionAffinity(spec)
  validateTrafficPolicies(spec, type)
  spec.boolean('publishNotReadyAddresses')
  return root.problems
}

/** A Service without a cluster address needs no ports. */
function readsHeadless(spec: FieldReader): boolean {
  const clusterIp = spec.string('clusterIP')
  return (clusterIp || spec.strings('clusterIPs')[0]?.value) === headlessClusterIp
}

function validateExternalName(spec: FieldReader): void {
  for (const key of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) {
    if (spec.isSet(key)) spec.forbidden(spec.at(key), 'may not be set for ExternalName services')
  }
  const externalName = spec.string('externalName').replace(/\.$/, '')
  if (externalName === '') spec.required(spec.at('externalName'))
  else spec.invalid(spec.at('externalName'), externalName, ...checkDnsSubdomain(externalName))
}

function validatePorts(ports: readonly FieldReader[], type: string): void {
  const names = new Set<string>()
  const numbers = new Set<string>()
  const nodePorts = new Set<string>()
  for (const port of ports) {
    warnOfUnknownFields(port, portFields)
    const name = port.string('name')
    if (name === '' && ports.length > 1) port.required(port.at('name'))
    if (name !== '') {
      port.invalid(port.at('name'), name, ...checkDnsLabel(name))
      if (names.has(name)) port.duplicate(port.at('name'), name)
      names.add(name)
    }
    const protocol = validateProtocol(port)
    const number = validatePortNumber(port, 'port')
    const key = `${protocol} ${number}`
    if (number !== 0 && numbers.has(key)) port.duplicate(port.at(''), { port: number, protocol })
    numbers.add(key)
    validatePortNumberOrName(port, 'targetPort')
    const appProtocol = port.string('appProtocol')
    if (appProtocol !== '')
      port.invalid(port.at('appProtocol'), appProtocol, ...checkLabelKey(appProtocol))
    validateNodePort(port, { type, protocol, nodePorts })
  }
}

interface NodePortContext {
  readonly type: string
  readonly protocol: string
  readonly nodePorts: Set<string>
}

function validateNodePort(port: FieldReader, context: NodePortContext): void {
  const nodePort = port.integer('nodePort') ?? 0
  if (nodePort === 0) return
  const field = port.at('nodePort')
  if (context.type === 'ClusterIP')
    port.forbidden(field, "may not be used when `type` is 'ClusterIP'")
  port.invalid(field, nodePort, ...checkPortNumber(nodePort))
  const key = `${context.protocol} ${nodePort}`
  if (context.nodePorts.has(key)) port.duplicate(field, nodePort)
  context.nodePorts.add(key)
}

function validateAddresses(spec: FieldReader): void {
  const clusterIp = { field: spec.at('clusterIP'), value: spec.string('clusterIP') }
  const given = spec.strings('clusterIPs')
  for (const { field, value } of given.length > 0 ? given : [clusterIp]) {
    if (value !== headlessClusterIp && (value !== '' || given.length > 0))
      spec.invalid(field, value, ...checkIp(value))
  }
  const families = spec.strings('ipFamilies')
  for (const [position, { field, value }] of families.entries()) {
    if (value !== 'IPv4' && value !== 'IPv6') spec.unsupported(field, value, ['IPv4', 'IPv6'])
    else if (families.findIndex(family => family.value === value) < position)
      spec.duplicate(field, value)
  }
  spec.oneOf('ipFamilyPolicy', ['PreferDualStack', 'RequireDualStack', 'SingleStack'])
  for (const { field, value } of spec.strings('externalIPs')) {
    const faults = checkIp(value)
    spec.invalid(field, value, ...(faults.length > 0 ? faults : checkNotSpecial(value)))
  }
}

function validateSessionAffinity(spec: FieldReader): void {
  const affinity = spec.oneOf('sessionAffinity', ['ClientIP', 'None']) || 'None'
  const field = spec.at('sessionAffinityConfig')
  if (affinity === 'None' && spec.has('sessionAffinityConfig'))
    spec.forbidden(field, 'must not be set when session affinity is None')
  const clientIp = spec.object('sessionAffinityConfig').object('clientIP')
  const timeout = clientIp.integer('timeoutSeconds')
  if (timeout !== undefined && (timeout < 1 || timeout > maxAffinitySeconds)) {
    clientIp.invalid(
      clientIp.at('timeoutSeconds'),
      timeout,
      `must be greater than 0 and less than ${maxAffinitySeconds}`,
    )
  }
}

function validateTrafficPolicies(spec: FieldReader, type: string): void {
  const reachable =
    type === 'LoadBalancer' ||
    type === 'NodePort' ||
    (type === 'ClusterIP' && spec.strings('externalIPs').length > 0)
  const policy = spec.oneOf('externalTrafficPolicy', ['Cluster', 'Local'])
  if (policy !== '' && !reachable) {
    spec.invalid(
      spec.at('externalTrafficPolicy'),
      policy,
      'may only be set for externally-accessible services',
    )
  }
  const healthPort = spec.integer('healthCheckNodePort') ?? 0
  const field = spec.at('healthCheckNodePort')
  if (healthPort !== 0 && (type !== 'LoadBalancer' || policy !== 'Local')) {
    const detail =
      "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
    spec.invalid(field, healthPort, detail)
  } else if (healthPort !== 0) {
    spec.invalid(field, healthPort, ...checkPortNumber(healthPort))
  }
  const allocates = spec.boolean('allocateLoadBalancerNodePorts')
  if (allocates !== undefined && type !== 'LoadBalancer') {
    spec.forbidden(
      spec.at('allocateLoadBalancerNodePorts'),
      "may only be used when `type` is 'LoadBalancer'",
    )
  }
  spec.oneOf('internalTrafficPolicy', ['Cluster', 'Local'])
  spec.oneOf('trafficDistribution', ['PreferClose', 'PreferSameNode', 'PreferSameZone'])
}

/** A misspelt field changes nothing and is easily missed; kubectl warns of it too. */
function warnOfUnknownFields(reader: FieldReader, known: ReadonlySet<string>): void {
  for (const key of reader.keys()) {
    if (!known.has(key)) reader.warn(reader.at(key), 'unknown field, ignored')
  }
}
