import { createSocket, type Socket } from 'node:dgram'
import type { SentQuery } from '../../dns/is-reply-to.ts'
import { encodeQuery } from '../../dns/query-writer.ts'
import { renderHostPort } from '../../lib/host-port.ts'
import { matchReply } from './match-reply.ts'
import { errorText, type Outcome, type Question, timeoutText, type Way } from './outcome.ts'
import type { UpstreamAddress } from './upstream-address.ts'

export interface UdpExchange {
  readonly server: UpstreamAddress
  readonly sourceAddress: string | undefined
  readonly id: number
  readonly spelling: SentQuery['spelling']
  readonly timeoutMs: number
}

/** One wrong message may be late; two are somebody who guesses, and TCP ends that. PowerDNS goes there after one. */
const mostStrangers = 1

/**
 * Asks once over UDP, from a socket of its own: a random port, and a kernel that lets nothing through but what comes from the
 * server's address and port. RFC 5452 §9.2.
 */
export function askOverUdp(question: Question, exchange: UdpExchange): Promise<Outcome> {
  const { server, sourceAddress, id, spelling, timeoutMs } = exchange
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  let isOpen = true
  let isConnected = false
  let strangers = 0

  const way = (): Way => ({
    network: 'udp',
    local: isConnected ? localOf(socket) : undefined,
    remote: renderHostPort(server),
  })
  const finish = (outcome: Outcome): void => {
    if (!isOpen) return
    isOpen = false
    clearTimeout(timer)
    socket.close()
    resolve(outcome)
  }
  const fail = (error: Error): void =>
    finish({ kind: 'unreachable', text: errorText(error, way()) })
  const timer = setTimeout(() => finish({ kind: 'timeout', text: timeoutText(way()) }), timeoutMs)
  const socket = createSocket(server.family === 'IPv4' ? 'udp4' : 'udp6').on('error', fail)
  socket.on('message', message => {
    const received = matchReply(message, { ...question, id, spelling })
    if (received === 'stranger' || received === 'respelled') {
      if (++strangers > mostStrangers) {
        finish({ kind: 'suspicious', text: 'replies that do not answer the question' })
      } else if (received === 'respelled') {
        finish({ kind: 'respelled', text: 'a reply in another letter case' })
      }
    } else if (received === 'malformed') {
      finish({ kind: 'malformed', text: `malformed reply from ${renderHostPort(server)}` })
    } else {
      finish({ kind: 'reply', reply: received })
    }
  })
  const connect = (): void => {
    if (!isOpen) return
    // Without a route the kernel says so at once. Node's types do not know that the callback is told.
    socket.connect(server.port, server.address, (error?: Error) => {
      if (error) fail(error)
      if (!isOpen) return
      isConnected = true
      socket.send(encodeQuery({ ...question, id }), error => {
        if (error) fail(error)
      })
    })
  }
  if (sourceAddress === undefined) connect()
  else socket.bind({ port: 0, address: sourceAddress }, connect)
  return promise
}

function localOf(socket: Socket): string {
  const { address, port, family } = socket.address()
  return renderHostPort({ address, port, family: family === 'IPv6' ? 'IPv6' : 'IPv4' })
}
