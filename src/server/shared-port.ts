import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Binding } from './binding.ts'

/**
 * Rejects with the system's error when somebody else has the port. Threads that share a port through SO_REUSEPORT
 * would share it with any other program of the same user too, which then silently gets a part of the queries.
 */
export async function checkUnshared({ address, family, port }: Binding): Promise<void> {
  const ipv6Only = family === 'IPv6'
  const udp = createSocket({ type: ipv6Only ? 'udp6' : 'udp4', ipv6Only })
  try {
    const listening = once(udp, 'listening')
    udp.bind({ address, port, exclusive: true })
    await listening
  } finally {
    udp.close()
  }
  const tcp = createServer()
  tcp.listen({ host: address, port, ipv6Only, exclusive: true })
  await once(tcp, 'listening')
  const closed = once(tcp, 'close')
  tcp.close()
  await closed
}
