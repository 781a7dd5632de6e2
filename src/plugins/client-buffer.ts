import { plainPayloadBytes, tcpPayloadBytes } from '../dns/edns.ts'
import type { Query } from './handler.ts'

/** What the client says it takes, at least 512; all there is over TCP. */
export function clientBufferBytes({ client, edns }: Query): number {
  if (client.transport !== 'udp') return tcpPayloadBytes
  return Math.max(edns?.payloadBytes ?? 0, plainPayloadBytes)
}
