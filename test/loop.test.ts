/** A server that asks itself: what `loop` finds, and what probes are told of it. */
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { askUdp, decoded } from './support/dns-client.ts'
import { encodeQuery } from './support/query-cases.ts'
import { ServedCorefile } from './support/served-corefile.ts'

const probe = { host: '127.0.0.1', port: 0 }

function corefile(lines: string): string {
  return `.:53 {
  errors
  ready ${probe.host}:${probe.port} {
    monitor continuously
  }
  kubernetes cluster.local
  ${lines}
}
`
}

async function readiness({ server }: ServedCorefile): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${server.probePort(probe)}/ready`)
  return `${response.status} ${await response.text()}`
}

/** Asks again and again; the test's own time limit ends it. */
async function becomes(server: ServedCorefile, expected: string): Promise<void> {
  while ((await readiness(server)) !== expected) await delay(10)
}

for (const workers of [1, 2]) {
  t.test(`a loop is told once and is not ready until it is gone, ${workers} threads`, async t => {
    await using server = await ServedCorefile.start(corefile('whoami'), { workers })
    await becomes(server, '200 OK')
    const { port } = server.binding
    const ask = async (question: string): Promise<string> =>
      decoded(await askUdp(server.binding, encodeQuery(question), { patienceMs: 4000 })).rcode

    await server.reload(corefile(`loop\n  forward . 127.0.0.1:${port}`))
    await becomes(server, '503 loop dns://:53 "."')
    // Names of every thread.
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f'])
      t.equal(await ask(`${name}.example.org A`), 'SERVFAIL')
    t.equal(await ask('web.default.svc.cluster.local A'), 'NOERROR')

    await server.reload(corefile('whoami'))
    await becomes(server, '200 OK')
    t.equal(await ask('www.example.org A'), 'NOERROR')
    const told = server.logged.filter(line => line.includes('plugin/loop: '))
    t.match(told, [
      /^\[ERROR\] plugin\/loop: Loop \(127\.0\.0\.1:\d+ -> :53\) detected for zone "\.", .*: give `forward` servers that do not ask this one, or correct the resolv\.conf that it names$/,
    ])
    t.equal(told.length, 1)
    t.strictSame(
      server.logged.filter(line => line.includes('HINFO') && !line.includes('plugin/loop: ')),
      [],
      'probes are nobody’s errors',
    )
  })
}
