import type { AddressPool } from './address-pool.ts'

/**
 * Where a cluster IP comes from: from the Service's name (after a delete it comes again), from who wrote it down, or from the API
 * server, which takes any.
 */
export type AddressOrigin = 'stable' | 'user' | 'server'

export interface OriginEvidence {
  /** All cluster IPs of the family; each was taken or restored for its Service. */
  readonly pool: AddressPool
  /** Whether a field manager has written the address; `undefined` when that is not known. */
  readonly isWritten: boolean | undefined
}

/**
 * The address of `owner` (`namespace/name`). An address that only the place speaks for is taken for written when it is in the
 * static band, which the API server leaves to people as long as it has others.
 */
export function originOf(
  address: string,
  owner: string,
  { pool, isWritten }: OriginEvidence,
): AddressOrigin {
  if (isWritten) return 'user'
  if (leadsTo(pool, owner, address)) return 'stable'
  return isWritten === undefined && pool.bandOf(address) === 'static' ? 'user' : 'server'
}

/** It is the first choice, or would be chosen now. */
function leadsTo(pool: AddressPool, owner: string, address: string): boolean {
  if (pool.homeOf(owner) === address) return true
  const isOwn = pool.ownerOf(address) === owner
  if (isOwn) pool.release(address, owner)
  const next = pool.candidates(owner, 1)[0]
  if (isOwn) pool.restore(address, owner)
  return next === address
}
