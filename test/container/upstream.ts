import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import packet from 'dns-packet'

/** A name server on port 53 that answers every question with one address. */
export async function startUpstream(address: string): Promise<{ close(): void }> {
  const socket = createSocket('udp4')
  socket.on('message', (message, client) => {
    const { id, questions = [] } = packet.decode(message)
    const answers = questions.map(({ name }) => ({ type: 'A', name, ttl: 60, data: '192.0.2.1' }))
    const reply = packet.encode({ type: 'response', id, questions, answers: answers as [] })
    socket.send(reply, client.port, client.address)
  })
  socket.bind(53, address)
  await once(socket, 'listening')
  return socket
}
