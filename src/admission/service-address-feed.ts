import { reduceIpAddress } from '../objects/ip-address.ts'
import { reduceServiceCidr } from '../objects/service-cidr.ts'
import { reduceService } from '../objects/service.ts'
import { objectKey } from '../objects/change.ts'
import type { ApiResource } from '../reflector/api-resource.ts'
import type { ReflectorSink } from '../reflector/reflector-sink.ts'
import type { AddressSource, AddressView } from './service-address-view.ts'
import type { ClaimDesk } from './service-claim-desk.ts'

/** What follows the API server for the view of addresses. */
export interface AddressFeed {
  readonly view: AddressView
  readonly desk: ClaimDesk
}

/** What is listed and watched; below Kubernetes 1.33 the API server has the first of them only. */
export const addressResources: Readonly<Record<AddressSource, ApiResource>> = {
  services: { group: '', version: 'v1', plural: 'services', pageSize: 500 },
  servicecidrs: networking('servicecidrs'),
  ipaddresses: networking('ipaddresses'),
}

export function addressSink(source: AddressSource, { view, desk }: AddressFeed): ReflectorSink {
  const sinks: Readonly<Record<AddressSource, ReflectorSink>> = {
    services: {
      upsert: api => {
        const service = reduceService(api)
        view.applyService(service)
        desk.applyService(service)
      },
      delete: name => view.deleteService(objectKey(name)),
    },
    servicecidrs: {
      upsert: api => view.applyServiceCidr(reduceServiceCidr(api)),
      delete: ({ name }) => view.deleteServiceCidr(name),
    },
    ipaddresses: {
      upsert: api => view.applyIpAddress(reduceIpAddress(api)),
      delete: ({ name }) => view.deleteIpAddress(name),
    },
  }
  return sinks[source]
}

function networking(plural: string): ApiResource {
  return { group: 'networking.k8s.io', version: 'v1', plural, pageSize: 500 }
}
