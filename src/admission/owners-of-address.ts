import { hashText } from '../lib/hash.ts'

/**
 * Two, so that one that comes or goes takes no claim with it: the owners before and after have one in common
 * (docs/decisions/0006-address-owners.md).
 */
const ownersPerAddress = 2

/** The replicas that decide on an address, in the order in which they are asked. Rendezvous hashing: who comes or goes moves only its own. */
export function ownersOf(address: string, replicas: readonly string[]): readonly string[] {
  return replicas
    .map(replica => ({ replica, weight: hashText(`${replica} ${address}`) }))
    .sort((one, other) => other.weight - one.weight || (one.replica < other.replica ? -1 : 1))
    .slice(0, ownersPerAddress)
    .map(({ replica }) => replica)
}
