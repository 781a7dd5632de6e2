import { createSocket } from 'node:dgram'
import type { Ask } from './query-cases.ts'

const timeoutMs = 2000

/** Asks a server by UDP, `127.0.0.1:5300`. One socket per question; silence is `undefined`. */
export function askOverUdp(hostPort: string): Ask {
  const colon = hostPort.lastIndexOf(':')
  const host = hostPort.slice(0, colon).replaceAll(/[[\]]/g, '')
  const port = Number(hostPort.slice(colon + 1))
  return message =>
    new Promise((resolve, reject) => {
      const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
      const timer = setTimeout(() => finish(), timeoutMs)
      const finish = (reply?: Buffer) => {
        clearTimeout(timer)
        socket.close(() => resolve(reply))
      }
      socket.on('error', reject)
      socket.on('message', finish)
      socket.send(message, port, host)
    })
}
