import { addressResources } from '../admission/service-address-feed.ts'
import {
  type AddressReport,
  type AddressesOfCluster,
  reportAddresses,
} from '../clusterip/address-findings.ts'
import { type AddressOrigin, originOf } from '../clusterip/address-origin.ts'
import { AddressPool } from '../clusterip/address-pool.ts'
import { heldAddresses } from '../clusterip/held-resources.ts'
import { serviceCidrProblem } from '../clusterip/service-cidr.ts'
import { type Cidr, parseCidr } from '../lib/cidr.ts'
import { familyOfText } from '../lib/ip.ts'
import { MetricCells } from '../lib/metric-cells.ts'
import { objectKey } from '../objects/change.ts'
import { hasWrittenClusterIp } from '../objects/field-managers.ts'
import { type IpAddress, reduceIpAddress } from '../objects/ip-address.ts'
import { reduceServiceCidr, type ServiceCidr } from '../objects/service-cidr.ts'
import { reduceService, type Service } from '../objects/service.ts'
import { AdmissionFeed } from './admission-feed.ts'
import type { ApiOptions } from './cluster-options.ts'
import { openAccess } from './open-access.ts'

/** A cluster IP, and where it comes from. */
interface AddressOfService {
  readonly namespace: string
  readonly name: string
  readonly address: string
  readonly origin: AddressOrigin
}

export interface CheckedAddresses extends AddressReport {
  readonly addresses: readonly AddressOfService[]
}

/** Between the list and the end of the look hardly anything goes. */
const remove = (): void => {}

interface FoundService {
  readonly service: Service
  readonly isWritten: boolean | undefined
}

/** Looks once at everything that cluster IPs go by. Rejects where the API server does not let it. */
export async function checkAddresses(source: ApiOptions | undefined): Promise<CheckedAddresses> {
  const access = await openAccess(source)
  const services: FoundService[] = []
  const serviceCidrs: ServiceCidr[] = []
  const ipAddresses: IpAddress[] = []
  let hasIpAddresses = true
  const done = Promise.withResolvers<void>()
  const silent = { info() {}, error() {}, warn: (text: string) => done.reject(new Error(text)) }
  const feed = new AdmissionFeed(
    [
      {
        resource: addressResources.services,
        need: 'required',
        sink: {
          upsert: api => {
            services.push({ service: reduceService(api), isWritten: hasWrittenClusterIp(api) })
          },
          delete: remove,
        },
      },
      {
        resource: addressResources.servicecidrs,
        need: 'optional',
        sink: { upsert: api => serviceCidrs.push(reduceServiceCidr(api)), delete: remove },
      },
      {
        resource: addressResources.ipaddresses,
        need: 'optional',
        onMissing: () => (hasIpAddresses = false),
        sink: { upsert: api => ipAddresses.push(reduceIpAddress(api)), delete: remove },
      },
    ],
    { access, logger: silent, cells: new MetricCells(() => {}), onSynced: () => done.resolve() },
  )
  try {
    await done.promise
  } finally {
    await feed.close()
  }
  const cluster: AddressesOfCluster = {
    services: services.map(({ service }) => service),
    serviceCidrs,
    ipAddresses: hasIpAddresses ? ipAddresses : undefined,
  }
  return { ...reportAddresses(cluster), addresses: originsOf(services, serviceCidrs) }
}

function originsOf(
  services: readonly FoundService[],
  serviceCidrs: readonly ServiceCidr[],
): AddressOfService[] {
  const pools = poolsOf(serviceCidrs)
  for (const { service } of services) {
    for (const address of heldAddresses(service)) {
      pools.get(familyOfText(address))?.restore(address, objectKey(service))
    }
  }
  return services
    .flatMap(({ service, isWritten }) =>
      heldAddresses(service).map((address): AddressOfService => {
        const { namespace, name } = service
        const pool = pools.get(familyOfText(address))
        const origin = pool ? originOf(address, objectKey(service), { pool, isWritten }) : 'server'
        return { namespace, name, address, origin }
      }),
    )
    .sort((a, b) => (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1))
}

function poolsOf(serviceCidrs: readonly ServiceCidr[]): ReadonlyMap<unknown, AddressPool> {
  const cidrs = serviceCidrs
    .flatMap(({ cidrs: texts }) => texts.flatMap((text): Cidr[] => [parseCidr(text) ?? []].flat()))
    .filter(cidr => serviceCidrProblem(cidr) === undefined)
  const groups = Map.groupBy(cidrs, ({ family }) => family)
  return new Map([...groups].map(([family, own]) => [family, new AddressPool(own)]))
}
