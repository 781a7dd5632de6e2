import type { Test } from 'tap'
import type { RuncContainer } from './runc-container.ts'
import { SteadyClient } from './steady-client.ts'

export interface EndingPod {
  readonly container: RuncContainer
  readonly address: string
  /** A name that has an address. */
  readonly name: string
  readonly memoryLimitBytes: number
}

const perSecond = 500
/** `lameduck` of kind's Corefile. */
const lameduckMs = 5000
/** Far enough from the end that what is asked now is answered before the sockets close, on a busy machine too. */
const askUntilMs = 3500
const mebibyte = 2 ** 20

/** SIGTERM under load, as when a pod is deleted: not ready at once, no answer lost in lameduck, exit code 0. */
export async function checkOrderlyEnd(t: Test, pod: EndingPod): Promise<void> {
  const { container, address, name, memoryLimitBytes } = pod
  const client = await SteadyClient.start({ address, port: 53, name, perSecond })
  await client.answers(perSecond)
  const endsAt = performance.now()
  container.kill('TERM')
  await container.says(/lameduck/)
  t.equal(await statusOf(`${address}:8181/ready`), 503)
  t.equal(await statusOf(`${address}:8080/health`), 200)
  const sentPerLameduck = (askUntilMs / 1000) * perSecond
  await Promise.race([client.answers(client.answered + sentPerLameduck), container.ended])
  const peakBytes = container.peakMemoryBytes
  t.equal(await client.stop(), 0, `lost of ${client.sent}`)
  t.equal(await container.ended, 0)
  const tookMs = performance.now() - endsAt
  t.ok(tookMs > lameduckMs && tookMs < 2 * lameduckMs, `ended after ${tookMs} ms`)
  t.equal(container.err, '')
  t.ok(peakBytes < memoryLimitBytes, `${peakBytes / mebibyte} MiB at most`)
  t.comment(`${client.sent} queries, at most ${Math.round(peakBytes / mebibyte)} MiB of memory`)
}

/** `127.0.0.1:8181/ready` */
export async function statusOf(url: string): Promise<number> {
  return (await fetch(`http://${url}`)).status
}
