import { setTimeout as delay } from 'node:timers/promises'
import type { Test } from 'tap'
import { QueryError } from '../../src/diagnose/query-client.ts'
import { reportQuery } from '../../src/diagnose/query-report.ts'
import type { HostPort } from '../../src/lib/host-port.ts'

const pauseMs = 5

/**
 * `A 10.96.0.9, A 10.96.0.10` in order, without names and TTLs; or the rcode, `NODATA`, or `silence`. `web.default.svc` is
 * below cluster.local.
 */
export async function askShort(server: HostPort, name: string, type = 'A'): Promise<string> {
  const question = {
    server,
    name: name.endsWith('.arpa') ? name : `${name}.cluster.local`,
    type,
    transport: 'udp',
  } as const
  try {
    const { json } = await reportQuery(question)
    const { rcode, answer } = json as { rcode: string; answer: string[] }
    if (rcode !== 'NOERROR') return rcode
    const records = answer.map(line => line.split(' ').slice(3).join(' '))
    return records.length === 0 ? 'NODATA' : records.sort().join(', ')
  } catch (error) {
    if (error instanceof QueryError && error.code === 'no-reply') return 'silence'
    throw error
  }
}

export interface AwaitedAnswer {
  readonly ask: (name: string, type?: string) => Promise<string>
  /** `web.default.svc`, `web.default.svc SRV` */
  readonly question: string
  readonly wanted: string | RegExp
  readonly patienceMs: number
}

/** Asks until the answer is as wanted, which it then is, or until it is too late. */
export async function checkBecomes(t: Test, awaited: AwaitedAnswer): Promise<void> {
  const { ask, question, wanted, patienceMs } = awaited
  const [name = '', type] = question.split(' ')
  const isWanted = (reply: string): boolean =>
    typeof wanted === 'string' ? reply === wanted : wanted.test(reply)
  const startedAt = performance.now()
  let reply = await ask(name, type)
  while (!isWanted(reply) && performance.now() - startedAt < patienceMs) {
    await delay(pauseMs)
    reply = await ask(name, type)
  }
  const took = `${question} after ${Math.round(performance.now() - startedAt)} ms`
  if (typeof wanted === 'string') t.equal(reply, wanted, took)
  else t.match(reply, wanted, took)
}
