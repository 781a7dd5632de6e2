import type { Service, ServicePort } from '../objects/service.ts'
import type { AllocationStep } from './allocation-step.ts'
import type { Claims } from './claims.ts'
import { type FieldError, internalError, invalidValue } from './field-error.ts'
import { heldServicePorts, usesHealthCheckNodePort, usesNodePorts } from './held-resources.ts'
import type { Refusal } from './number-pool.ts'

/**
 * Takes the node ports that the Service lacks. Ports with the same number (TCP and UDP 53) share one
 * node port. What is asked for by number is taken first, so that a chosen port never takes away what
 * the same Service asks for. kubernetes alloc.go: initNodePorts, updateNodePorts,
 * updateHealthCheckNodePort; unlike there, ports with one number share on update as well, so that
 * the outcome is the same as if the Service had been created so.
 */
export function allocateNodePorts(
  service: Service,
  before: Service | undefined,
  claims: Claims,
): AllocationStep {
  const needsHealthCheck =
    usesHealthCheckNodePort(service) && !(before && usesHealthCheckNodePort(before))
  const requested = usesNodePorts(service) ? takeRequested(service, before, claims) : undefined
  if (requested) return { errors: [requested] }
  if (needsHealthCheck && service.healthCheckNodePort !== 0) {
    const port = service.healthCheckNodePort
    const refusal = claims.takePort(port)
    const text = `failed to allocate requested HealthCheck NodePort ${port}`
    if (refusal) return { errors: [internalError(`${text}: ${refusalText(refusal, claims)}`)] }
  }
  const ports = usesNodePorts(service) ? takeMissing(service, claims) : service.ports
  if (!ports) return { errors: [internalError('failed to allocate a nodePort: range is full')] }
  if (!needsHealthCheck || service.healthCheckNodePort !== 0)
    return { service: { ...service, ports } }
  const healthCheckNodePort = claims.nextPort('healthCheckNodePort')
  if (healthCheckNodePort === undefined) {
    // The API server prints the port that it did not get as 0.
    const message = 'failed to allocate a HealthCheck NodePort 0: range is full'
    return { errors: [internalError(message)] }
  }
  return { service: { ...service, ports, healthCheckNodePort } }
}

function takeRequested(
  service: Service,
  before: Service | undefined,
  claims: Claims,
): FieldError | undefined {
  const held = before ? heldServicePorts(before) : new Set<number>()
  const takenFor = new Map<number, number>()
  for (const [index, port] of service.ports.entries()) {
    const wanted = port.nodePort || sharedNodePort(service, port)
    if (wanted === 0 || held.has(wanted)) continue
    // One create may not name a node port for two port numbers; an update may.
    if (takenFor.has(wanted) && (before || takenFor.get(wanted) === port.port)) continue
    const refusal = claims.takePort(wanted)
    if (refusal)
      return invalidValue(`spec.ports[${index}].nodePort`, wanted, refusalText(refusal, claims))
    takenFor.set(wanted, port.port)
  }
  return undefined
}

function takeMissing(service: Service, claims: Claims): readonly ServicePort[] | undefined {
  const chosen = new Map<number, number>()
  const ports: ServicePort[] = []
  for (const port of service.ports) {
    if (port.nodePort !== 0 || !allocatesNodePorts(service)) {
      ports.push(port)
      continue
    }
    const nodePort =
      sharedNodePort(service, port) || (chosen.get(port.port) ?? claims.nextPort(`${port.port}`))
    if (nodePort === undefined) return undefined
    chosen.set(port.port, nodePort)
    ports.push({ ...port, nodePort })
  }
  return ports
}

/** The node port that another port with the same number asks for; 0 when none does. */
function sharedNodePort(service: Service, { port }: ServicePort): number {
  if (!allocatesNodePorts(service)) return 0
  return service.ports.find(other => other.port === port && other.nodePort !== 0)?.nodePort ?? 0
}

function allocatesNodePorts(service: Service): boolean {
  return service.type === 'NodePort' || service.allocateLoadBalancerNodePorts
}

function refusalText(refusal: Refusal, claims: Claims): string {
  return refusal === 'taken'
    ? 'provided port is already allocated'
    : `provided port is not in the valid range. The range of valid ports is ${claims.nodePortRangeText}`
}
