import type { ResourceRecord } from '../../dns/resource-record.ts'
import { lowerCaseName, renderName } from '../../dns/wire-name.ts'
import { formatIp } from '../../lib/ip.ts'
import type { Weights } from './parse-weights.ts'

/** Of an address that the file does not name. */
const defaultWeight = 1

/** Moves one address to the front, each as likely as its weight says: `chance` is from 0 to 1. */
export function weightedFirst(
  addresses: readonly ResourceRecord[],
  weights: Weights,
  chance: number,
): readonly ResourceRecord[] {
  if (addresses.length < 2) return addresses
  const each = addresses.map(({ name, rdata }) => {
    return weights.get(renderName(lowerCaseName(name)))?.get(formatIp(rdata)) ?? defaultWeight
  })
  let left = chance * each.reduce((sum, weight) => sum + weight, 0)
  const chosen = each.findIndex(weight => (left -= weight) < 0)
  const swapped = [...addresses]
  swapped[0] = addresses[Math.max(chosen, 0)]!
  swapped[Math.max(chosen, 0)] = addresses[0]!
  return swapped
}
