import type { Cidr } from '../lib/cidr.ts'
import { type ReviewTime, systemTime } from './review-time.ts'
import type { Reviewer } from './review.ts'
import { AddressView } from './service-address-view.ts'
import { ClaimDesk } from './service-claim-desk.ts'
import { AddressOwners, type Replicas } from './service-owners.ts'
import type { AddressPolicy } from './service-policy.ts'
import { reviewServices } from './service-review.ts'

export interface ServiceAdmissionOptions {
  readonly policy: AddressPolicy
  /** Of `--service-cidr`: for API servers without ServiceCIDRs. */
  readonly serviceCidrs: readonly Cidr[]
  readonly replicas: Replicas
  readonly time?: ReviewTime
}

/**
 * One replica's part in choosing cluster IPs. Who makes it feeds `view` and `desk` (service-address-feed.ts), answers other
 * replicas with `desk` (service-claim-route.ts) and puts `review` behind a webhook.
 */
export class ServiceAdmission {
  readonly view: AddressView
  readonly desk: ClaimDesk
  readonly review: Reviewer

  constructor({ policy, serviceCidrs, replicas, time = systemTime }: ServiceAdmissionOptions) {
    this.view = new AddressView({ policy, serviceCidrs })
    this.desk = new ClaimDesk(this.view, time)
    const owners = new AddressOwners({ desk: this.desk, replicas, time })
    this.review = reviewServices({ view: this.view, owners, time })
  }
}
