/**
 * `npm run bench:admission [-- --quick]`: reviews of Pods in a namespace of 500 Services, beside the least that Fastify can do over
 * TLS, in turns. Prints tables in Markdown.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CertificateAuthority } from '../test/support/certificate-authority.ts'
import { AdmissionLoad } from './admission-load.ts'
import { podReviewBody } from './admission-objects.ts'
import { Bench, fullPace, quickPace } from './bench.ts'
import { cpuSeconds, memoryOf } from './process-figures.ts'
import { renderTable } from './report.ts'
import { median, quantile } from './statistics.ts'

const services = 500
const ratePerSecond = 200
const connections = 8
const p99TargetMs = 10
const subjects = ['signpost', 'echo'] as const

interface Round {
  readonly timesMs: readonly number[]
  readonly cpuMsPerReview: number
  readonly perSecond: number
  readonly residentMb: number
}

const { values: flags } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
process.chdir(join(import.meta.dirname, '..'))
const bench = new Bench(flags.quick ? quickPace : fullPace)
process.once('exit', () => bench.close())
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const authority = new CertificateAuthority('bench')
const { cert, key } = authority.issue('webhook', ['127.0.0.1'])
const files = [join(bench.folder, 'tls.crt'), join(bench.folder, 'tls.key')] as const
writeFileSync(files[0], cert)
writeFileSync(files[1], key)

const rounds: Record<(typeof subjects)[number], Round[]> = { signpost: [], echo: [] }
for (let number = 1; number <= Math.ceil(bench.pace.echoRounds / 2); number++) {
  for (const subject of subjects) {
    bench.progress(`round ${number}: ${subject}`)
    rounds[subject].push(await measure(subject))
  }
}
report()

async function measure(subject: (typeof subjects)[number]): Promise<Round> {
  const script = 'bench/admission-subject.ts'
  const child = bench.children.start(process.execPath, [
    script,
    subject,
    ...files,
    String(services),
  ])
  let port = 0
  for await (const line of child.lines()) {
    port = Number(line)
    break
  }
  const load = new AdmissionLoad({ port, ca: authority.cert, body: podReviewBody() })
  try {
    // Compiled, connected.
    await load.reviewsPerSecond(connections, 2)
    const cpuBefore = cpuSeconds(child.pid)
    const timesMs = await load.atRate(ratePerSecond, bench.pace.roundSeconds * 2)
    const cpuMsPerReview = ((cpuSeconds(child.pid) - cpuBefore) * 1000) / timesMs.length
    const perSecond = await load.reviewsPerSecond(connections, bench.pace.roundSeconds)
    const { residentMb } = memoryOf(child.pid)
    return { timesMs, cpuMsPerReview, perSecond, residentMb }
  } finally {
    load.close()
    await child.end()
  }
}

function report(): void {
  const p99s = rounds.signpost.map(({ timesMs }) => quantile(timesMs, 0.99))
  const rows = subjects.map(subject => {
    const of = rounds[subject]
    const middle = (read: (round: Round) => number, digits: number): string =>
      median(of.map(read)).toFixed(digits)
    return [
      subject === 'echo' ? 'Fastify, allows all' : 'Signpost, Pods',
      middle(({ timesMs }) => quantile(timesMs, 0.5), 2),
      middle(({ timesMs }) => quantile(timesMs, 0.99), 2),
      middle(({ cpuMsPerReview }) => cpuMsPerReview, 2),
      middle(({ perSecond }) => perSecond, 0),
      middle(({ residentMb }) => residentMb, 0),
    ]
  })
  const head = [
    '',
    `p50 at ${ratePerSecond}/s, ms`,
    `p99 at ${ratePerSecond}/s, ms`,
    'CPU per review, ms',
    `reviews/s over ${connections} connections`,
    'resident, MB',
  ]
  const isMet = median(p99s) < p99TargetMs
  process.stdout.write(
    [
      `Reviews of Pods with 2 containers in a namespace of ${services} Services; medians of ${p99s.length} rounds in turns,`,
      'client and server on the same cores; times are from when a review was due.',
      '',
      renderTable(head, rows),
      '',
      `p99 at ${ratePerSecond}/s below ${p99TargetMs} ms: ${isMet ? 'yes' : 'no'}`,
      '',
    ].join('\n'),
  )
}
