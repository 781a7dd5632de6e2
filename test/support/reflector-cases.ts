import type { FakeApiCall } from './fake-api-call.ts'
import { FakeApiServer } from './fake-api-server.ts'
import { ReflectedCollection, type ReflectedOptions, servicesPath } from './reflected-collection.ts'
import { until } from './until.ts'

/** How a call is answered; `serve` is as an API server does. */
export type Answer = (call: FakeApiCall, server: FakeApiServer) => void

export const serve: Answer = call => call.serve()

export interface ReflectorCase extends ReflectedOptions {
  readonly name: string
  /** To the first calls; later ones are served. */
  readonly answers?: readonly Answer[]
  /** What is done once the sink has the objects a, b and c, in the versions 2, 3 and 4. */
  readonly act?: (server: FakeApiServer, seen: ReflectedCollection) => void | Promise<void>
  /** The first calls: `init` with the version asked for, `watch 4`, `list`, `page` for further pages, `probe`. */
  readonly calls: readonly string[]
  /** What is said of troubles, in order. */
  readonly troubles?: readonly string[]
  /** Of the counters, those that are not as in an undisturbed run. */
  readonly counters?: Readonly<Record<string, number>>
}

interface CaseTest {
  test(name: string, body: (t: CaseAssertions) => Promise<void>): unknown
}
interface CaseAssertions {
  same(found: unknown, wanted: unknown, message: string): unknown
}

/**
 * Runs each case against a server of its own. Whatever was done, in the end the sink must be what the server has, one more change
 * must arrive, `run` must return, and no connection may be left.
 */
export function checkReflectorCases(t: CaseTest, cases: readonly ReflectorCase[]): void {
  for (const given of cases) t.test(given.name, async t => runCase(t, given))
}

async function runCase(t: CaseAssertions, given: ReflectorCase): Promise<void> {
  const { answers = [], act } = given
  await using server = await FakeApiServer.open()
  for (const name of ['a', 'b', 'c']) putService(server, name)
  server.behave = call => (answers[call.number] ?? serve)(call, server)
  await using seen = new ReflectedCollection(server, given)
  await seen.equal()
  await act?.(server, seen)
  // Answers that are still to come must not miss what follows.
  await until('all answers are given', () => server.calls.length >= answers.length)
  await until('all calls are made', () => server.calls.length >= given.calls.length)
  await seen.equal()
  putService(server, 'last')
  await seen.equal()
  await seen.stop()
  await until('no connection is left', () => server.openSockets === 0)
  t.same(server.calls.slice(0, given.calls.length).map(callText), given.calls, 'calls')
  const troubles = seen.said.filter(word => /^(?:trouble|healed|failed)/.test(word))
  t.same(troubles, given.troubles ?? [], 'troubles')
  t.same(countersOf(seen), { ...usual, ...given.counters }, 'counters')
}

/** A change to a Service of the namespace `x`. */
export function putService(
  server: FakeApiServer,
  name: string,
  fields: Readonly<Record<string, unknown>> = {},
): void {
  server.put(servicesPath, { ...service(name), ...fields })
}

export function service(name: string): { metadata: { name: string; namespace: string } } {
  return { metadata: { name, namespace: 'x' } }
}

/** The frame of an object as a watch has it. */
export function versionOf(name: string, resourceVersion: number): object {
  return { metadata: { name, namespace: 'x', resourceVersion: String(resourceVersion) } }
}

export function callText({ kind, query }: FakeApiCall): string {
  if (kind !== 'list') return `${kind} ${query.get('resourceVersion')}`.trim()
  if (query.get('continue') !== null) return 'page'
  return query.get('limit') === '1' ? 'probe' : 'list'
}

const usual = { start: 1 }

/** Those that are not 0, but for reconnects: how many there are is in the calls. */
function countersOf({ reflector }: ReflectedCollection): Record<string, number> {
  const { relists, lastByteAt: _, reconnects: _calls, ...counts } = reflector.counters
  return Object.fromEntries(
    Object.entries({ ...relists, ...counts }).filter(([, count]) => count !== 0),
  )
}
