import type { IpFamily } from '../lib/ip.ts'
import { objectKey } from '../objects/change.ts'
import type { ReviewTime } from './review-time.ts'
import { type AdmissionDecision, type AdmissionRequest, NotNow, type Reviewer } from './review.ts'
import { chosen, left, nothing, userAddress, writtenAddresses } from './service-decision.ts'
import type { AddressView } from './service-address-view.ts'
import { settle } from './service-claim-desk.ts'
import type { AddressOwners } from './service-owners.ts'
import { type AddressRule, ruleFor } from './service-policy.ts'
import { readWish, type ServiceWish } from './service-request.ts'

export interface ServiceReviewOptions {
  readonly view: AddressView
  readonly owners: AddressOwners
  readonly time: ReviewTime
}

type Choice =
  | { readonly address: string; readonly isFirst: boolean }
  | { readonly failed: 'unanswered' | 'full' | 'crowded' }

/** So many are looked up at once; the rest only where all of these were claimed in the same moment. */
const batches = [4, 60]

/** Gives Services the address that their name leads to. What it leaves open the API server chooses. */
export function reviewServices({ view, owners, time }: ServiceReviewOptions): Reviewer {
  async function review(
    request: AdmissionRequest,
    signal: AbortSignal,
  ): Promise<AdmissionDecision> {
    if (!view.isReady) {
      throw new NotNow(503, `Cannot choose cluster IPs: waiting for ${view.waitingFor.join(', ')}`)
    }
    const wish = readWish(request, view.families)
    if (wish.kind === 'none') return nothing(wish.why)
    const key = objectKey(wish.service)
    const rule = ruleFor(view.policy, wish.service)
    if (wish.kind === 'user') return userAddress(request, wish.service, rule)
    if (!rule.stable) return nothing('off')
    if (request.operation === 'CREATE') {
      // The API server answers that the name is taken; with an address it would complain of the address.
      await settle({ view, time, isSettled: () => view.isFree(key) }, signal)
      if (view.hasService(key)) return nothing('exists')
    }
    return request.dryRun ? tryOut(wish, rule) : choose(wish, rule, signal)
  }

  /** All of the missing ones or none, so that the API server never ends with the first and without the second. */
  async function choose(
    { service, missing }: Extract<ServiceWish, { kind: 'choose' }>,
    rule: AddressRule,
    signal: AbortSignal,
  ): Promise<AdmissionDecision> {
    const clusterIPs = writtenAddresses(service, rule)
    let isFirst = true
    for (const index of missing) {
      const family = service.ipFamilies[index]!
      // oxlint-disable-next-line no-await-in-loop -- the first family is the one that the Service is known by
      const choice = await chooseOne(family, { key: objectKey(service), rule }, signal)
      if ('failed' in choice) return left(choice.failed, rule)
      clusterIPs[index] = choice.address
      isFirst &&= choice.isFirst
    }
    return chosen(clusterIPs, rule, isFirst ? 'stable' : 'next')
  }

  async function chooseOne(
    family: IpFamily,
    { key, rule }: { readonly key: string; readonly rule: AddressRule },
    signal: AbortSignal,
  ): Promise<Choice> {
    const pool = view.poolOf(rule, family)
    const first = pool?.homeOf(key)
    const refused = new Set<string>()
    for (const count of batches) {
      const candidates = pool?.candidates(key, count) ?? []
      if (candidates.length === 0) return { failed: 'full' }
      for (const address of candidates) {
        if (refused.has(address)) continue
        // oxlint-disable-next-line no-await-in-loop -- the next is asked for only when this one is taken
        const answer = await owners.claim(address, key, signal)
        if (answer === 'granted') return { address, isFirst: address === first }
        if (answer === 'unanswered' || signal.aborted) return { failed: 'unanswered' }
        refused.add(address)
      }
    }
    return { failed: 'crowded' }
  }

  /** What the same request would be given now, claiming nothing. */
  function tryOut(
    { service, missing }: Extract<ServiceWish, { kind: 'choose' }>,
    rule: AddressRule,
  ): AdmissionDecision {
    const families = missing.map(index => service.ipFamilies[index]!)
    if (families.some(family => view.cidrCount(family) > 1)) {
      const warning =
        'spec.clusterIP: left open in a dry run, because there is more than one ServiceCIDR'
      return { ...nothing('dry-run'), warnings: [warning] }
    }
    const clusterIPs = writtenAddresses(service, rule)
    for (const index of missing) {
      const pool = view.poolOf(rule, service.ipFamilies[index]!)
      const [address] = pool?.candidates(objectKey(service), 1) ?? []
      if (address === undefined) return left('full', rule)
      clusterIPs[index] = address
    }
    return chosen(clusterIPs, rule, 'dry-run')
  }

  return review
}
