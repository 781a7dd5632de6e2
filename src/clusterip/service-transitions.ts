import { isHeadless, type Service } from '../objects/service.ts'
import { duplicateValue, type FieldError, forbiddenValue, invalidValue } from './field-error.ts'
import { usesHealthCheckNodePort } from './held-resources.ts'

/**
 * What may not be, now that everything is filled in: changes of what is fixed once it is set, and
 * fields that the type does not have. Runs after allocation, as in the API server.
 * kubernetes validation: ValidateServiceUpdate, ValidateService.
 */
export function checkTransition(after: Service, before: Service | undefined): FieldError[] {
  return [
    ...(before ? checkImmutable(after, before) : []),
    ...checkHeadlessType(after),
    ...checkExternalName(after),
    ...checkNodePorts(after),
    ...checkHealthCheck(after),
  ]
}

function checkImmutable(after: Service, before: Service): FieldError[] {
  const errors: FieldError[] = []
  if (after.type !== 'ExternalName' && before.type !== 'ExternalName') {
    const wasHeadless = isHeadless(before)
    if (!(wasHeadless && isHeadless(after))) errors.push(...checkClusterIpChange(after, before))
    if (!wasHeadless && !isHeadless(after)) errors.push(...checkFamilyChange(after, before))
  }
  const keepsHealthCheck = usesHealthCheckNodePort(before) && usesHealthCheckNodePort(after)
  if (keepsHealthCheck && after.healthCheckNodePort !== before.healthCheckNodePort)
    errors.push(forbiddenValue('spec.healthCheckNodePort', 'field is immutable'))
  return errors
}

function checkClusterIpChange(after: Service, before: Service): FieldError[] {
  const [now, old] = [after.clusterIPs, before.clusterIPs]
  const changed = (index: number): FieldError =>
    invalidValue(`spec.clusterIPs[${index}]`, now, 'may not change once set')
  if (now.length === old.length)
    return now.flatMap((address, index) => (address === old[index] ? [] : [changed(index)]))
  if (now.length === 0)
    return [invalidValue('spec.clusterIPs[0]', now, 'primary clusterIP can not be unset')]
  const errors = old.length > 0 && now[0] !== old[0] ? [changed(0)] : []
  return [
    ...errors,
    ...checkRelease(after, { shorter: now.length < old.length, what: 'clusterIP' }),
  ]
}

/** The paths and values are the API server's own, odd as they are: always the first family. */
function checkFamilyChange(after: Service, before: Service): FieldError[] {
  const [now, old] = [after.ipFamilies, before.ipFamilies]
  const field = 'spec.ipFamilies[0]'
  const detail = 'may not change once set'
  if (now.length === old.length) {
    return now.flatMap((family, index) =>
      family === old[index] ? [] : [invalidValue(field, now, detail)],
    )
  }
  const changed = now.length > 0 && old.length > 0 && now[0] !== old[0]
  const errors = changed ? [invalidValue(field, after.clusterIPs, detail)] : []
  return [...errors, ...checkRelease(after, { shorter: now.length < old.length, what: 'ipFamily' })]
}

function checkRelease(
  after: Service,
  { shorter, what }: { shorter: boolean; what: string },
): FieldError[] {
  if (!shorter || after.ipFamilyPolicy === 'SingleStack') return []
  const detail = `must be set to 'SingleStack' when releasing the secondary ${what}`
  return [invalidValue('spec.ipFamilyPolicy', after.ipFamilyPolicy, detail)]
}

function checkHeadlessType(service: Service): FieldError[] {
  if (service.type === 'ClusterIP' || !isHeadless(service)) return []
  const detail = `may not be set to 'None' for ${service.type} services`
  return [invalidValue('spec.clusterIPs[0]', service.clusterIPs[0], detail)]
}

function checkExternalName(service: Service): FieldError[] {
  if (service.type !== 'ExternalName') return []
  const detail = 'may not be set for ExternalName services'
  const hasAddress = service.clusterIPs.length > 0 || service.clusterIP !== ''
  return [
    ...(hasAddress ? [forbiddenValue('spec.clusterIPs', detail)] : []),
    ...(service.ipFamilies.length > 0 ? [forbiddenValue('spec.ipFamilies', detail)] : []),
    ...(service.ipFamilyPolicy === undefined
      ? []
      : [forbiddenValue('spec.ipFamilyPolicy', detail)]),
  ]
}

function checkNodePorts(service: Service): FieldError[] {
  const seen = new Set<string>()
  return service.ports.flatMap((port, index) => {
    if (port.nodePort === 0) return []
    const field = `spec.ports[${index}].nodePort`
    if (service.type === 'ClusterIP')
      return [forbiddenValue(field, "may not be used when `type` is 'ClusterIP'")]
    const key = `${port.protocol} ${port.nodePort}`
    if (seen.has(key)) return [duplicateValue(field, port.nodePort)]
    seen.add(key)
    return []
  })
}

function checkHealthCheck(service: Service): FieldError[] {
  const port = service.healthCheckNodePort
  if (port === 0 || usesHealthCheckNodePort(service)) return []
  const detail =
    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
  return [invalidValue('spec.healthCheckNodePort', port, detail)]
}
