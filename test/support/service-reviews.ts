import { ServiceAdmission } from '../../src/admission/service-admission.ts'
import type { AdmissionDecision, AdmissionRequest, Reviewer } from '../../src/admission/review.ts'
import type { AddressView } from '../../src/admission/service-address-view.ts'
import type { ClaimDesk } from '../../src/admission/service-claim-desk.ts'
import type { Replicas } from '../../src/admission/service-owners.ts'
import { type AddressPolicy, defaultPolicy } from '../../src/admission/service-policy.ts'
import { reduceService } from '../../src/objects/service.ts'
import type { Spec } from './service-allocation.ts'
import { VirtualTime } from './virtual-time.ts'

export interface ReviewedClusterOptions {
  /** Of the ServiceCIDR `kubernetes`; the API server has no such objects when absent. */
  readonly cidrs?: readonly string[]
  readonly policy?: AddressPolicy
  readonly replicas?: Replicas
}

export const alone: Replicas = {
  self: 'a',
  ready: () => [],
  peer: () => {
    throw new Error('there is nobody else')
  },
}

/** One replica and the cluster that it sees, which is told by hand. */
export class ReviewedCluster {
  readonly time = new VirtualTime()
  readonly view: AddressView
  readonly desk: ClaimDesk
  readonly #review: Reviewer

  constructor({ cidrs, policy = defaultPolicy, replicas = alone }: ReviewedClusterOptions = {}) {
    const { time } = this
    const admission = new ServiceAdmission({ policy, serviceCidrs: [], replicas, time })
    const { view, desk, review } = admission
    this.view = view
    this.desk = desk
    this.#review = review
    if (cidrs) this.addCidr('kubernetes', ...cidrs)
    for (const source of ['services', 'servicecidrs', 'ipaddresses'] as const) view.synced(source)
  }

  addCidr(name: string, ...cidrs: string[]): void {
    this.view.applyServiceCidr({ kind: 'ServiceCIDR', name, cidrs, ready: true })
  }

  /** A Service as the API server has it, with the IPAddress objects that belong to it. */
  store(name: string, spec: Spec): void {
    const service = reduceService({ metadata: { namespace: 'default', name }, spec })
    this.view.applyService(service)
    this.desk.applyService(service)
    for (const address of service.clusterIPs) this.hold(address, `default/${name}`)
  }

  hold(address: string, key: string): void {
    this.view.applyIpAddress({ kind: 'IPAddress', name: address, managedBy: '', service: key })
  }

  delete(name: string, ...addresses: string[]): void {
    this.view.deleteService(`default/${name}`)
    for (const address of addresses) this.view.deleteIpAddress(address)
  }

  async review(request: Partial<AdmissionRequest>): Promise<AdmissionDecision> {
    const never = new AbortController().signal
    return this.time.during(Promise.resolve(this.#review(requestOf(request), never)))
  }

  async create(name: string, spec: Spec, more: Partial<AdmissionRequest> = {}): Promise<string> {
    return decisionText(await this.review({ name, object: { spec }, ...more }))
  }

  async update(name: string, before: Spec, after: Spec): Promise<string> {
    const [object, oldObject] = [after, before].map(spec => ({ metadata: { name }, spec }))
    return decisionText(await this.review({ name, operation: 'UPDATE', object, oldObject }))
  }
}

function requestOf(request: Partial<AdmissionRequest>): AdmissionRequest {
  return {
    uid: '1',
    operation: 'CREATE',
    resource: 'services',
    subresource: '',
    namespace: 'default',
    name: '',
    dryRun: false,
    username: 'somebody',
    object: undefined,
    oldObject: undefined,
    ...request,
  }
}

/** `stable 10.96.21.59`, or the outcome alone where nothing is changed. */
function decisionText(decision: AdmissionDecision): string {
  if (!decision.allowed) return `${decision.code} ${decision.message}`
  const { patch, outcome } = decision
  const [one, list, more] = patch
  if (!one || !list) return outcome
  const clusterIPs = list.value as string[]
  if (more || one.value !== clusterIPs[0]) throw new Error(`odd patch: ${JSON.stringify(patch)}`)
  return `${outcome} ${clusterIPs.join(' ')}`
}
