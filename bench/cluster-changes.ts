import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import type { ClusterClient } from '../test/support/cluster-client.ts'
import type { Bench } from './bench.ts'
import type { ClusterServerSetting, StartServer } from './cluster-server.ts'
import { decodeReply, encodeQuestion } from './dns-question.ts'
import { settleMs } from './replacement.ts'
import { type PartResult, renderTable } from './report.ts'
import { quantile } from './statistics.ts'

const services = '/api/v1/namespaces/default/services'
const pollMs = 0.25
const patienceMs = 10_000
/** The first ones meet cold code on all sides. */
const warmups = 10
const targetMs = { p50: 1, p95: 5 }

export interface ChangesInput {
  readonly starters: readonly StartServer[]
  readonly setting: ClusterServerSetting
  readonly client: ClusterClient
}

interface Changes {
  readonly name: string
  readonly timesMs: readonly number[]
}

/** Creates Services in the big cluster one by one and asks until each is answered. */
export async function measureChanges(bench: Bench, input: ChangesInput): Promise<PartResult> {
  const { starters, setting, client } = input
  const all: Changes[] = []
  for (const start of starters) {
    const server = await start(setting)
    const { name } = server
    bench.progress(`creating ${bench.pace.changes} Services: ${name}`)
    await sleep(settleMs)
    const socket = createSocket('udp4')
    socket.connect(server.port, '127.0.0.1')
    await once(socket, 'connect')
    const timesMs: number[] = []
    for (let change = -warmups; change < bench.pace.changes; change++) {
      // Not in step with anything.
      await sleep(20 + 7 * (((change % 10) + 10) % 10))
      const service = `change-${change + warmups}`
      const tookMs = await timeCreation(client, socket, service)
      if (change >= 0) timesMs.push(tookMs)
    }
    socket.close()
    for (let change = 0; change < bench.pace.changes + warmups; change++)
      await client.delete(`${services}/change-${change}`)
    await server.end()
    all.push({ name, timesMs })
  }
  return changesPart(all)
}

async function timeCreation(client: ClusterClient, socket: Socket, name: string): Promise<number> {
  const created = (await client.send('POST', services, {
    metadata: { name },
    spec: { ports: [{ name: 'http', port: 80 }] },
  })) as { readonly spec: { readonly clusterIP: string } }
  const createdAt = performance.now()
  const right = `A ${created.spec.clusterIP}`
  const packet = encodeQuestion({ name: `${name}.default.svc.cluster.local`, type: 'A' }, 1)
  const seen: { answeredAt?: number } = {}
  const take = (message: Buffer): void => {
    const now = performance.now()
    if (decodeReply(message).answers.join() === right) seen.answeredAt ??= now
  }
  socket.on('message', take)
  // Sleeps without a processor: whoever has to answer has few enough.
  const cell = new Int32Array(new SharedArrayBuffer(4))
  for (; seen.answeredAt === undefined; await turn()) {
    if (performance.now() - createdAt > patienceMs)
      throw new Error(`Cannot see the change: ${name} is not answered`)
    socket.send(packet)
    await turn()
    Atomics.wait(cell, 0, 0, pollMs)
  }
  socket.off('message', take)
  return seen.answeredAt - createdAt
}

function changesPart(all: readonly Changes[]): PartResult {
  const rows = all.map(({ name, timesMs }) => ({
    name,
    p50: quantile(timesMs, 0.5),
    p95: quantile(timesMs, 0.95),
    max: Math.max(...timesMs),
    count: timesMs.length,
  }))
  const [ours, ...others] = rows
  const beside = others
    .map(({ name, p50, p95 }) => `; ${name} ${p50.toFixed(2)} and ${p95.toFixed(2)} ms`)
    .join('')
  return {
    title: 'Change to answer, from the API server on',
    figures: [
      {
        what: 'change to answer after the API server has accepted it, 10,000 services',
        target: `p50 ≤ ${targetMs.p50} ms, p95 ≤ ${targetMs.p95} ms`,
        measured: `p50 ${ours!.p50.toFixed(2)} ms, p95 ${ours!.p95.toFixed(2)} ms${beside}`,
        isMet: ours!.p50 <= targetMs.p50 && ours!.p95 <= targetMs.p95,
      },
    ],
    details: [
      `Services were created one after the other, and each was asked for every ${pollMs} ms from the API server’s 201 until its address was`,
      'answered. The API server tells its watchers at about the time at which it answers, so part of this is its own.',
      '',
      renderTable(
        ['server', 'changes', 'p50 ms', 'p95 ms', 'max ms'],
        rows.map(({ name, count, p50, p95, max }) => [
          name,
          String(count),
          p50.toFixed(2),
          p95.toFixed(2),
          max.toFixed(2),
        ]),
      ),
    ],
  }
}
