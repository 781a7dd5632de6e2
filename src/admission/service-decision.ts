import type { Service } from '../objects/service.ts'
import type { AdmissionDecision, AdmissionRequest, PatchOperation } from './review.ts'
import type { AddressRule } from './service-policy.ts'
import { canonicalAddresses } from './service-request.ts'

type Allowed = Extract<AdmissionDecision, { allowed: true }>

/** For the audit log: what became of the cluster IP. */
const auditName = 'cluster-ip'

/** Why nothing is chosen where something could have been. */
const leftBecause = {
  unanswered: 'the replica that decides on the address did not answer in time',
  full: 'no address is free in what it is chosen from',
  crowded: 'too many other Services are being created with the same addresses',
} as const

/** The object goes on as it is, and there is nothing to be said. */
export function nothing(outcome: string): Allowed {
  return { allowed: true, patch: [], warnings: [], audit: {}, outcome }
}

/** The API server chooses. The person who asked need not care: the Service gets an address. */
export function left(why: keyof typeof leftBecause, rule: AddressRule): Allowed {
  const text = `warning: left to the API server by rule ${rule.name}: ${leftBecause[why]}`
  return { ...nothing(why), audit: { [auditName]: text } }
}

export function chosen(clusterIPs: readonly string[], rule: AddressRule, outcome: string): Allowed {
  const text = `${outcome} ${clusterIPs.join(' ')} by rule ${rule.name}`
  return { ...nothing(outcome), patch: patchOf(clusterIPs), audit: { [auditName]: text } }
}

/** Addresses that somebody wrote stay as they are, but for their form where a rule says so. An update may not change them. */
export function userAddress(
  { operation }: AdmissionRequest,
  service: Service,
  rule: AddressRule,
): Allowed {
  const canonical = rule.canonical ? canonicalAddresses(service) : undefined
  if (operation !== 'CREATE' || !canonical) return nothing('user')
  return chosen(canonical, rule, 'canonical')
}

/** What a Service that lacks addresses already has: nothing, or the first of two. */
export function writtenAddresses(service: Service, rule: AddressRule): string[] {
  const canonical = rule.canonical ? canonicalAddresses(service) : undefined
  return [...(canonical ?? service.clusterIPs)]
}

/** Both fields: the API server makes the second of the first only for one address. */
function patchOf(clusterIPs: readonly string[]): readonly PatchOperation[] {
  return [
    { op: 'add', path: '/spec/clusterIP', value: clusterIPs[0] },
    { op: 'add', path: '/spec/clusterIPs', value: clusterIPs },
  ]
}
