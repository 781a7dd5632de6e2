/**
 * How long dns-packet takes to write the data of one record, beside the zone's own compiler writing the whole answer with
 * its compressed names: the measurement behind docs/decisions/0004-records-are-written-here.md.
 */
import packet from 'dns-packet'
import { RrType } from '../src/dns/rr-type.ts'
import { parseName } from '../src/dns/wire-name.ts'
import { AnswerCompiler } from '../src/zone/answer-compiler.ts'
import { positiveAnswer } from '../src/zone/resource-record.ts'
import { ZoneProblems } from '../src/zone/zone-problems.ts'

/** The encoders that the library exports and its types leave out. */
const encoders = packet as unknown as Readonly<
  Record<'a' | 'srv', { encode(data: unknown, target: Buffer, offset: number): Buffer }>
>
const rounds = 5
const runs = 200_000

const target = 'web-0.web.default.svc.cluster.local'
const name = parseName(target)!
const scratch = Buffer.alloc(512)
const compiler = new AnswerCompiler(new ZoneProblems())
const address = {
  type: RrType.a,
  name,
  ttlSeconds: 5,
  address: Uint8Array.of(10, 96, 0, 1),
} as const
const service = {
  type: RrType.srv,
  name,
  ttlSeconds: 5,
  weight: 100,
  port: 80,
  target: name,
} as const

const candidates: Readonly<Record<string, () => unknown>> = {
  'dns-packet, data of an A record': () => encoders.a.encode('10.96.0.1', scratch, 0),
  'compiler, whole A answer': () => compiler.compileAnswers(name, [positiveAnswer([address])]),
  'dns-packet, data of an SRV record': () =>
    encoders.srv.encode({ priority: 0, weight: 100, port: 80, target }, scratch, 0),
  'compiler, whole SRV answer with glue': () =>
    compiler.compileAnswers(name, [positiveAnswer([service], [address])]),
}

const best = new Map<string, number>()
for (let round = 0; round < rounds; round++) {
  for (const [what, write] of Object.entries(candidates)) {
    const startedAt = performance.now()
    for (let run = 0; run < runs; run++) write()
    const microseconds = ((performance.now() - startedAt) / runs) * 1000
    best.set(what, Math.min(best.get(what) ?? Infinity, microseconds))
  }
}
for (const [what, microseconds] of best) console.log(`${microseconds.toFixed(3)} µs   ${what}`)
