import type { Test } from 'tap'
import { parseCidr } from '../../src/lib/cidr.ts'
import { renderFieldErrors } from '../../src/clusterip/field-error.ts'
import { type AllocationOutcome, ServiceAllocator } from '../../src/clusterip/service-allocator.ts'
import { reduceService, type Service } from '../../src/objects/service.ts'

export type Spec = Readonly<Record<string, unknown>>

/** One network of each family. */
export const dual = ['10.96.0.0/24', 'fd00::/120']

const ports = [{ port: 80 }]

export function allocatorOf(...cidrs: string[]): ServiceAllocator {
  return new ServiceAllocator({ serviceCidrs: cidrs.map(text => parseCidr(text)!) })
}

export function serviceOf(name: string, spec: Spec): Service {
  return reduceService({ metadata: { namespace: 'default', name }, spec: { ports, ...spec } })
}

/** The Service as it is stored; throws where it is refused. */
export function created(allocator: ServiceAllocator, service: Service): Service {
  const outcome = allocator.create(service)
  if ('errors' in outcome) throw new Error(renderFieldErrors(service.name, outcome.errors))
  return outcome.service
}

/** `policy families addresses`, or the message. */
export function summary(t: Test, outcome: AllocationOutcome): string {
  if ('errors' in outcome) return renderFieldErrors('web', outcome.errors)
  const { clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy } = outcome.service
  t.equal(clusterIP, clusterIPs[0] ?? '', 'clusterIP is the first of clusterIPs')
  return `${ipFamilyPolicy} ${ipFamilies.join()} ${clusterIPs.join()}`
}
