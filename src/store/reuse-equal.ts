import type { Endpoint, EndpointSlice } from '../objects/endpoint-slice.ts'

/**
 * `next`, or `previous` where it says the same, down to single endpoints: a relist that brings nothing
 * new is no change, and whoever compares by identity sees which endpoints of a slice differ.
 */
export function reuseEqualSlice(previous: EndpointSlice, next: EndpointSlice): EndpointSlice {
  const known = new Map<string, Endpoint>()
  for (const endpoint of previous.endpoints) known.set(endpoint.address, endpoint)
  const endpoints = next.endpoints.map((endpoint, position) => {
    const sameSeat = previous.endpoints[position]
    if (sameSeat && isEqual(sameSeat, endpoint)) return sameSeat
    const sameAddress = known.get(endpoint.address)
    return sameAddress && isEqual(sameAddress, endpoint) ? sameAddress : endpoint
  })
  const ports = isEqual(previous.ports, next.ports) ? previous.ports : next.ports
  const reused = { ...next, ports, endpoints }
  return isEqual(previous, reused) ? previous : reused
}

/** Equality of reduced objects: plain data without cycles. Keys that hold `undefined` count as keys. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every(
    key => Object.hasOwn(b, key) && isEqual(a[key as keyof object], b[key as keyof object]),
  )
}
