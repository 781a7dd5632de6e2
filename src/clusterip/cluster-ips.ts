import { headlessClusterIp, type Service } from '../objects/service.ts'
import type { AllocationStep } from './allocation-step.ts'
import type { Claims } from './claims.ts'
import { internalError, invalidValue } from './field-error.ts'
import { isUnchangedPreferDualStack } from './service-families.ts'

const refusalText = {
  taken: 'provided IP is already allocated',
  outside: 'the provided network does not match the current range',
} as const

/**
 * Takes the addresses that the Service lacks, one for each of its families. Addresses that it no
 * longer wants are not touched here: they are released when the whole request has succeeded.
 * kubernetes alloc.go: allocClusterIPs, updateClusterIPs.
 */
export function allocateClusterIps(
  service: Service,
  before: Service | undefined,
  claims: Claims,
): AllocationStep {
  const from = firstMissing(service, before)
  if (from >= service.ipFamilies.length) return { service }
  const clusterIPs = service.clusterIPs.slice()
  for (const [index, family] of service.ipFamilies.entries()) {
    if (index < from) continue
    const wanted = clusterIPs[index]
    if (wanted === undefined) {
      const address = claims.nextAddress(family)
      if (address === undefined) {
        const name = JSON.stringify(service.name)
        const message = `failed to allocate a serviceIP for Service ${name}: range is full`
        return { errors: [internalError(message)] }
      }
      clusterIPs[index] = address
    } else {
      const refusal = claims.takeAddress(family, wanted)
      if (!refusal) continue
      const detail = `failed to allocate IP ${wanted}: ${refusalText[refusal]}`
      return { errors: [invalidValue('spec.clusterIPs', service.clusterIPs, detail)] }
    }
  }
  // An array that grew has room for 17; there is one for each Service.
  return { service: { ...service, clusterIP: clusterIPs[0] ?? '', clusterIPs: clusterIPs.slice() } }
}

/** The first place of `ipFamilies` for which an address is to be taken; past the end when for none. */
export function firstMissing(service: Service, before: Service | undefined): number {
  const none = service.ipFamilies.length
  if (service.type === 'ExternalName' || service.clusterIPs[0] === headlessClusterIp) return none
  if (!before || before.type === 'ExternalName' || before.clusterIPs.length === 0) return 0
  if (before.clusterIPs[0] === headlessClusterIp) return none
  if (isUnchangedPreferDualStack(service, before)) return none
  return before.ipFamilies.length === 1 && service.ipFamilies.length === 2 ? 1 : none
}
