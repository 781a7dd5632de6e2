/** The control plane of these tests goes when they do, whichever way that is. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createConnection } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { whyNoControlPlane } from '../support/control-plane-assets.ts'

const patienceMs = 5000

async function isListening(server: string): Promise<boolean> {
  const socket = createConnection(Number(new URL(server).port), '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    // Refused: nobody is left.
    return false
  } finally {
    socket.destroy()
  }
}

for (const signal of ['SIGINT', 'SIGKILL'] as const) {
  t.test(`nothing is left after ${signal}`, { skip: whyNoControlPlane() ?? false }, async t => {
    const child = spawn(process.execPath, ['test/support/abandoned-control-plane.ts'])
    t.teardown(() => child.kill('SIGKILL'))
    const [line] = await once(child.stdout, 'data')
    const { server, folder } = JSON.parse(String(line)) as { server: string; folder: string }
    t.ok(await isListening(server))
    child.kill(signal)
    const startedAt = performance.now()
    const isLeft = async (): Promise<boolean> => (await isListening(server)) || existsSync(folder)
    while ((await isLeft()) && performance.now() - startedAt < patienceMs) await delay(20)
    t.notOk(await isListening(server), server)
    t.notOk(existsSync(folder), folder)
  })
}
