import { familyOfText, type IpFamily } from '../lib/ip.ts'
import { headlessClusterIp, type IpFamilyPolicy, type Service } from '../objects/service.ts'
import type { AllocationStep } from './allocation-step.ts'
import { checkClusterIpShape } from './cluster-ip-shape.ts'
import { type FieldError, invalidValue } from './field-error.ts'
import { isSelectorlessHeadless } from './held-resources.ts'
import { sameList } from './linked-fields.ts'

const policyField = 'spec.ipFamilyPolicy'
/** One list for all: nearly every Service has one of these. */
const singleFamily: Readonly<Record<IpFamily, readonly IpFamily[]>> = {
  IPv4: ['IPv4'],
  IPv6: ['IPv6'],
}

/**
 * Fills in `ipFamilyPolicy` and `ipFamilies` in the order of Kubernetes' initIPFamilyFields. The first
 * of `configured` is the cluster's default family. `before` is given on update.
 */
export function resolveFamilies(
  after: Service,
  before: Service | undefined,
  configured: readonly IpFamily[],
): AllocationStep {
  if (after.type === 'ExternalName') return { service: after }
  if (before && isUnchangedPreferDualStack(after, before)) return { service: after }
  const named = { ...after, ipFamilyPolicy: after.ipFamilyPolicy ?? defaultPolicy(after, before) }
  const shape = checkClusterIpShape(named)
  if (shape.length > 0) return { errors: shape }

  const service = before ? releaseSecondary(named, before) : named
  const errors = [
    ...(before ? checkReductions(service, before) : []),
    ...checkSingleStack(service),
    ...checkAddressFamilies(service, configured),
  ]
  if (errors.length > 0) return { errors }
  const inferred = { ...service, ipFamilies: inferFamilies(service) }

  // Before the checks below, because it allows what they refuse.
  if (isSelectorlessHeadless(inferred)) {
    return { service: withSecondFamily(inferred, { configured, always: true }) }
  }
  const unconfigured = checkConfigured(inferred, configured)
  if (unconfigured.length > 0) return { errors: unconfigured }
  return { service: withSecondFamily(inferred, { configured, always: false }) }
}

/**
 * A PreferDualStack Service that stays as it is gets no second address and loses none when the
 * cluster has become dual-stack or single-stack in the meantime.
 */
export function isUnchangedPreferDualStack(after: Service, before: Service): boolean {
  return (
    after.type !== 'ExternalName' &&
    after.type === before.type &&
    after.ipFamilyPolicy === 'PreferDualStack' &&
    (before.ipFamilyPolicy ?? 'PreferDualStack') === 'PreferDualStack' &&
    sameList(after.clusterIPs, before.clusterIPs) &&
    sameList(after.ipFamilies, before.ipFamilies)
  )
}

function defaultPolicy(after: Service, before: Service | undefined): IpFamilyPolicy {
  if (before?.ipFamilyPolicy) return before.ipFamilyPolicy
  return isSelectorlessHeadless(after) ? 'RequireDualStack' : 'SingleStack'
}

/** SingleStack with the lists left as they were means to give up the second family. */
function releaseSecondary(service: Service, before: Service): Service {
  if (service.ipFamilyPolicy !== 'SingleStack') return service
  const { clusterIPs, ipFamilies } = service
  return {
    ...service,
    clusterIPs: sameList(clusterIPs, before.clusterIPs) ? clusterIPs.slice(0, 1) : clusterIPs,
    ipFamilies: sameList(ipFamilies, before.ipFamilies) ? ipFamilies.slice(0, 1) : ipFamilies,
  }
}

function checkReductions(service: Service, before: Service): FieldError[] {
  if (service.ipFamilyPolicy === 'SingleStack') return []
  const refuse = (what: string): FieldError =>
    invalidValue(
      policyField,
      service.ipFamilyPolicy,
      `must be 'SingleStack' to release the secondary ${what}`,
    )
  return [
    ...(isShorter(service.clusterIPs, before.clusterIPs) ? [refuse('cluster IP')] : []),
    ...(isShorter(service.ipFamilies, before.ipFamilies) ? [refuse('IP family')] : []),
  ]
}

/** A list that was left out is not a shorter one. */
function isShorter(after: readonly unknown[], before: readonly unknown[]): boolean {
  return after.length > 0 && after.length < before.length
}

function checkSingleStack(service: Service): FieldError[] {
  if (service.ipFamilyPolicy !== 'SingleStack') return []
  const refuse = (what: string): FieldError =>
    invalidValue(
      policyField,
      service.ipFamilyPolicy,
      `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`,
    )
  return [
    ...(service.clusterIPs.length === 2 ? [refuse('cluster IPs')] : []),
    ...(service.ipFamilies.length === 2 ? [refuse('IP families')] : []),
  ]
}

/** An address whose family nobody named must be of a family that the cluster has. */
function checkAddressFamilies(service: Service, configured: readonly IpFamily[]): FieldError[] {
  const { clusterIPs, ipFamilies } = service
  return clusterIPs.flatMap((address, index) => {
    const family = familyOfText(address)
    if (index < ipFamilies.length || !family || configured.includes(family)) return []
    const detail = `${family} is not configured on this cluster`
    return [invalidValue(`spec.clusterIPs[${index}]`, clusterIPs, detail)]
  })
}

function inferFamilies({ clusterIPs, ipFamilies }: Service): readonly IpFamily[] {
  if (clusterIPs[0] === headlessClusterIp) return ipFamilies
  const missing = clusterIPs.slice(ipFamilies.length)
  return [...ipFamilies, ...missing.map(address => familyOfText(address)!)]
}

function checkConfigured(service: Service, configured: readonly IpFamily[]): FieldError[] {
  const errors: FieldError[] = []
  if (service.ipFamilyPolicy === 'RequireDualStack' && configured.length < 2) {
    const detail = 'this cluster is not configured for dual-stack services'
    errors.push(invalidValue(policyField, service.ipFamilyPolicy, detail))
  }
  for (const [index, family] of service.ipFamilies.entries()) {
    if (configured.includes(family)) continue
    const field = `spec.ipFamilies[${index}]`
    errors.push(invalidValue(field, family, 'not configured on this cluster'))
  }
  return errors
}

/** `always`: even where the cluster does not have the other family. */
function withSecondFamily(
  service: Service,
  { configured, always }: { configured: readonly IpFamily[]; always: boolean },
): Service {
  const [first = configured[0]!, second] = service.ipFamilies
  const wantsSecond =
    service.ipFamilyPolicy !== 'SingleStack' && (always || configured.length === 2)
  const other = first === 'IPv4' ? 'IPv6' : 'IPv4'
  const ipFamilies = second || wantsSecond ? [first, second ?? other] : singleFamily[first]
  return { ...service, ipFamilies }
}
