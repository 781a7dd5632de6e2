import { firstMissing } from '../clusterip/cluster-ips.ts'
import { keepAllocatedValues, linkClusterIps } from '../clusterip/linked-fields.ts'
import { resolveFamilies } from '../clusterip/service-families.ts'
import { canonicalIp, type IpFamily } from '../lib/ip.ts'
import { headlessClusterIp, isHeadless, reduceService, type Service } from '../objects/service.ts'
import type { AdmissionRequest } from './review.ts'

/** What a request leaves open, or why nothing is to be done about it. */
export type ServiceWish =
  | {
      readonly kind: 'choose'
      /** With families and policy filled in as the API server will. */
      readonly service: Service
      /** Places of `ipFamilies` that need an address. */
      readonly missing: readonly number[]
    }
  /** Addresses that the user wrote, nothing is missing. */
  | { readonly kind: 'user'; readonly service: Service }
  | {
      readonly kind: 'none'
      /** `no-address`: headless or an external name. `no-cidr`: it is not known what there is to be given. `invalid`: the API server will refuse it and say why. */
      readonly why:
        | 'no-address'
        | 'no-cidr'
        | 'generated-name'
        | 'update'
        | 'invalid'
        | 'not-a-service'
    }

/**
 * What a request wants, as the API server will see it: the webhook is asked before it fills anything in, so its rules are applied
 * here in its order.
 */
export function readWish(request: AdmissionRequest, configured: readonly IpFamily[]): ServiceWish {
  const { operation, object, oldObject, resource, subresource } = request
  const isService = resource === 'services' && subresource === ''
  if (!isService || !object) return none('not-a-service')
  if (configured.length === 0) return none('no-cidr')
  const asked = { ...reduceService(object), namespace: request.namespace }
  if (operation === 'UPDATE' && oldObject) {
    return readUpdate(asked, reduceService(oldObject), configured)
  }
  if (operation !== 'CREATE') return none('not-a-service')
  const name = request.name || asked.name
  if (name === '') return none('generated-name')
  return readCreate(linkClusterIps({ ...asked, name }, undefined), configured)
}

function readCreate(service: Service, configured: readonly IpFamily[]): ServiceWish {
  if (service.type === 'ExternalName' || isHeadless(service)) return none('no-address')
  const step = resolveFamilies(service, undefined, configured)
  if ('errors' in step) return none('invalid')
  return missingOf(step.service, 0)
}

/** An update that leaves the address out means the one that is there. */
function readUpdate(asked: Service, before: Service, configured: readonly IpFamily[]): ServiceWish {
  const after = linkClusterIps(keepAllocatedValues(asked, before), before)
  if (after.type === 'ExternalName' || isHeadless(after)) return none('no-address')
  const step = resolveFamilies(after, before, configured)
  if ('errors' in step) return none('invalid')
  const from = firstMissing(step.service, before)
  if (from >= step.service.ipFamilies.length) return none('update')
  return missingOf(step.service, from)
}

function missingOf(service: Service, from: number): ServiceWish {
  const missing = [...service.ipFamilies.keys()].filter(
    index => index >= from && service.clusterIPs[index] === undefined,
  )
  return missing.length > 0 ? { kind: 'choose', service, missing } : { kind: 'user', service }
}

/** The addresses in canonical form, or `undefined` when they already are. */
export function canonicalAddresses({ clusterIPs }: Service): readonly string[] | undefined {
  const canonical = clusterIPs.map(text =>
    text === headlessClusterIp ? text : (canonicalIp(text) ?? text),
  )
  return canonical.every((text, index) => text === clusterIPs[index]) ? undefined : canonical
}

function none(why: Extract<ServiceWish, { kind: 'none' }>['why']): ServiceWish {
  return { kind: 'none', why }
}
