import { canonicalIp } from '../lib/ip.ts'
import { isRawObject } from '../objects/raw-value.ts'
import { isSealed, type SealKeys } from './service-claim-seal.ts'
import type { ClaimDesk } from './service-claim-desk.ts'

/** Where a replica takes the claims of others: `POST /claims`, `{"address": "10.96.0.9", "key": "default/web"}`. */
export const claimPath = '/claims'
/** Header that shows that a replica of the same webhook asks. */
export const sealHeader = 'signpost-seal'

/** Names have 253 characters at most. */
export const maxClaimBytes = 2048

export interface ClaimRouteOptions {
  readonly desk: ClaimDesk
  readonly keys: SealKeys
  /** Unix time in milliseconds. */
  readonly clock: () => number
}

export interface ClaimRequest {
  /** As it was sent: the seal is on these bytes. */
  readonly body: string
  readonly seal: string | undefined
}

/** What is answered over HTTP, as JSON. */
export interface ClaimReply {
  readonly status: 200 | 400 | 401 | 503
  readonly body: { readonly answer?: 'granted' | 'taken'; readonly error?: string }
}

/** Answers the claim of another replica. Says nothing to who is none. */
export async function answerClaim(
  { desk, keys, clock }: ClaimRouteOptions,
  { body, seal }: ClaimRequest,
  signal: AbortSignal,
): Promise<ClaimReply> {
  if (seal === undefined || !isSealed(body, seal, { keys: keys(), unixMs: clock() })) {
    return { status: 401, body: { error: 'not sealed by a replica of this webhook' } }
  }
  const claim = parseClaim(body)
  if (!claim) return { status: 400, body: { error: 'expected an address and a key' } }
  const answer = await desk.claim(claim.address, claim.key, signal)
  if (answer === 'unanswered') return { status: 503, body: { error: 'not ready' } }
  return { status: 200, body: { answer } }
}

function parseClaim(body: string): { readonly address: string; readonly key: string } | undefined {
  const value = parseJson(body)
  if (!isRawObject(value)) return undefined
  const { address, key } = value
  if (typeof address !== 'string' || typeof key !== 'string') return undefined
  if (canonicalIp(address) !== address || !/^[^/]+\/[^/]+$/.test(key)) return undefined
  return { address, key }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    // Sealed by one of us and still no JSON: another release. It is told so.
    return undefined
  }
}
