import { type Agent, request } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { isRawObject } from '../objects/raw-value.ts'
import { claimPath, maxClaimBytes, sealHeader } from './service-claim-route.ts'
import { sealClaim, type SealKeys } from './service-claim-seal.ts'
import type { ClaimAnswer } from './service-claim-desk.ts'
import type { OwnerPeer } from './service-owners.ts'

export interface ClaimClientOptions {
  readonly keys: SealKeys
  /** Unix time in milliseconds. */
  readonly clock: () => number
  /** Keeps connections; the caller ends it. */
  readonly agent: Agent
  /** The certificates of the webhook's own authority, old and new, as PEM, and the name that its certificates are for. */
  readonly trust: () => { readonly ca: string; readonly serverName: string }
}

/** Asks one replica, `10.244.1.7:8443`, over TLS. */
export function claimClient(replica: string, options: ClaimClientOptions): OwnerPeer {
  const { keys, clock, agent, trust } = options
  async function claim(address: string, key: string, signal: AbortSignal): Promise<ClaimAnswer> {
    const [sealKey] = keys()
    if (!sealKey) throw new Error('Cannot claim: no key that the replicas share')
    const { ca, serverName } = trust()
    const body = JSON.stringify({ address, key })
    const sent = request(`https://${replica}${claimPath}`, {
      method: 'POST',
      agent,
      ca,
      servername: serverName,
      minVersion: 'TLSv1.2',
      // With files it is the certificate itself that is trusted.
      allowPartialTrustChain: true,
      signal,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        [sealHeader]: sealClaim(body, clock(), sealKey),
      },
    })
    // What fails after the answer has begun is told by the answer.
    sent.on('error', () => {})
    sent.end(body)
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    return answerOf(response.statusCode!, await readText(response))
  }
  return { claim }
}

async function readText(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk as string
    if (text.length > maxClaimBytes) throw new Error('Cannot read the answer to a claim: too long')
  }
  return text
}

function answerOf(status: number, text: string): ClaimAnswer {
  if (status === 200) {
    const value: unknown = JSON.parse(text)
    const answer = isRawObject(value) ? value['answer'] : undefined
    if (answer === 'granted' || answer === 'taken') return answer
  }
  throw new Error(`Cannot claim: the replica answered ${status}`)
}
