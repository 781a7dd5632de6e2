import type { ResourceRecord } from '../../dns/resource-record.ts'
import { RrType } from '../../dns/rr-type.ts'
import { type Cidr, cidrContains } from '../../lib/cidr.ts'
import { shuffle } from '../shuffle.ts'

/** Puts the addresses of a section into another order. */
export type AddressOrder = (addresses: readonly ResourceRecord[]) => readonly ResourceRecord[]

/**
 * The section with its addresses in the order given: aliases first, because stub resolvers want them there, then what is neither,
 * then addresses, then MX records in an order of chance.
 */
export function orderSection(
  records: readonly ResourceRecord[],
  order: AddressOrder,
): readonly ResourceRecord[] {
  if (records.length < 2) return records
  const aliases: ResourceRecord[] = []
  const addresses: ResourceRecord[] = []
  const exchanges: ResourceRecord[] = []
  const others: ResourceRecord[] = []
  for (const record of records) {
    if (record.type === RrType.cname) aliases.push(record)
    else if (record.type === RrType.a || record.type === RrType.aaaa) addresses.push(record)
    else if (record.type === RrType.mx) exchanges.push(record)
    else others.push(record)
  }
  return [...aliases, ...others, ...order(addresses), ...shuffle(exchanges)]
}

/** The addresses by the first network that they are in; those in none come last. The order is kept otherwise. */
export function preferredFirst(networks: readonly Cidr[]): AddressOrder {
  const rankOf = ({ rdata }: ResourceRecord): number => {
    const rank = networks.findIndex(network => cidrContains(network, rdata))
    return rank < 0 ? networks.length : rank
  }
  return addresses => addresses.toSorted((a, b) => rankOf(a) - rankOf(b))
}
