/**
 * Run in a network of its own (`unshare --net`): a reflector whose connection loses all packets in both directions, while new
 * ones work. Prints after how many milliseconds it has what changed meanwhile. Argument: `keepAliveMs`.
 */
import { execFileSync } from 'node:child_process'
import { FakeApiServer } from './fake-api-server.ts'
import { ReflectedCollection } from './reflected-collection.ts'
import { putService } from './reflector-cases.ts'

const keepAliveMs = Number(process.argv[2])
const run = (command: string, ...words: string[]): unknown => execFileSync(command, words)

run('ip', 'link', 'set', 'lo', 'up')
await using server = await FakeApiServer.open()
putService(server, 'a')
await using seen = new ReflectedCollection(server, {
  timing: { keepAliveMs, silenceMs: 180_000, unfinishedMs: 180_000 },
})
await seen.equal()
const port = String(server.calls[0]!.socket.remotePort)
for (const side of ['--sport', '--dport'])
  run('iptables', '-A', 'INPUT', '-p', 'tcp', side, port, '-j', 'DROP')
const lostAt = performance.now()
putService(server, 'b')
await seen.equal(60_000)
console.log(Math.round(performance.now() - lostAt))
