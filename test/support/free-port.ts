import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below what Linux gives to outgoing connections, so that nobody takes the port while its server is restarted. */
const lowest = 20_000
const highest = 32_000

/** A port of 127.0.0.1 on which nobody listens, for a program that cannot say which one it got. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer().listen(randomInt(lowest, highest), '127.0.0.1')
    try {
      await once(server, 'listening')
    } catch {
      // Taken: another one.
      continue
    }
    const { port } = server.address() as { port: number }
    server.close()
    await once(server, 'close')
    return port
  }
}
