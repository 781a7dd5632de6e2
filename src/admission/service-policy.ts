import type { Cidr } from '../lib/cidr.ts'
import { type LabelSelector, matchesSelector } from '../objects/label-selector.ts'
import type { Service } from '../objects/service.ts'

/** How the Services that match get their addresses. */
export interface AddressRule {
  /** For messages and the audit log: `default`, `databases`. */
  readonly name: string
  /** All of them when `undefined`. */
  readonly namespaces: readonly string[] | undefined
  /** Of the Service's own labels. */
  readonly selector: LabelSelector
  /** Networks in ServiceCIDRs, for these Services alone; without one of a family all that is left of the ServiceCIDRs. */
  readonly pool: readonly Cidr[]
  /** `false` leaves the choice to the API server. */
  readonly stable: boolean
  /** Addresses that people write in another form are put into the canonical one. */
  readonly canonical: boolean
}

export interface AddressPolicy {
  /** The first that matches counts; the last one matches all. */
  readonly rules: readonly AddressRule[]
  /** Never chosen; who asks for one gets it. */
  readonly reserved: readonly Cidr[]
}

const everything: AddressRule = {
  name: 'default',
  namespaces: undefined,
  selector: [],
  pool: [],
  stable: true,
  canonical: false,
}

/** Stable addresses in the dynamic band for all. */
export const defaultPolicy: AddressPolicy = { rules: [everything], reserved: [] }

export function ruleFor({ rules }: AddressPolicy, service: Service): AddressRule {
  const rule = rules.find(
    ({ namespaces, selector }) =>
      (!namespaces || namespaces.includes(service.namespace)) &&
      matchesSelector(selector, service.labels),
  )
  return rule ?? everything
}
