/**
 * `npm run bench [-- --quick] [--out FILE]`: measures what the design promises and writes it down.
 * `--beside HOST:PORT --beside-pid PID [--beside-name NAME]`: puts another DNS server into the rounds with kind's Corefile. It has
 * to know the objects that `node bench/print-objects.ts` prints.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { Bench, bigCluster, fullPace, quickPace } from './bench.ts'
import { type BesideServer, readBeside } from './beside.ts'
import { measureFileChange } from './change-to-answer.ts'
import { measureCpuPerQuery } from './cpu-per-query.ts'
import { generateManifests } from './generate-manifests.ts'
import { measureKindsCorefile } from './kinds-corefile.ts'
import { findProgram } from './nsd-server.ts'
import { readNames, writeQueryFiles } from './query-files.ts'
import { measureBigCluster } from './ready-and-memory.ts'
import { type PartResult, renderReport, type RunFacts } from './report.ts'
import { measureSilentUpstream } from './silent-upstream.ts'
import { listNames } from './signpost-server.ts'
import { measureThroughput } from './throughput.ts'
import { toolVersion } from './tool-version.ts'

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string' },
    beside: { type: 'string' },
    'beside-pid': { type: 'string' },
    'beside-name': { type: 'string' },
  },
})
process.chdir(join(import.meta.dirname, '..'))
process.exitCode = await main()

async function main(): Promise<number> {
  if (process.platform !== 'linux') {
    process.stderr.write('The benchmark reads /proc: it runs on Linux only.\n')
    return 1
  }
  if (!(await findProgram('dnsperf'))) {
    process.stderr.write('Cannot find dnsperf: it is in the Debian package `dnsperf`.\n')
    return 1
  }
  const beside = readBeside(flags)
  const bench = new Bench(flags.quick ? quickPace : fullPace)
  process.once('exit', () => bench.close())
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => process.exit(code))
  }
  const startedAt = new Date()
  const loadBefore = loadavg()[0]!
  const nsd = await findProgram('nsd')
  if (!nsd) bench.progress('no nsd here (Debian package `nsd`): nothing to compare throughput with')
  const parts = await measure(bench, { nsd, beside })
  const facts: RunFacts = {
    command: 'npm run bench',
    startedAt,
    tools: [
      `Node ${process.version}`,
      await toolVersion('dnsperf', ['-h'], /version (\S+)/i),
      ...(nsd ? [await toolVersion(nsd, ['-v'], /version (\S+)/i)] : []),
    ],
    loads: [loadBefore, loadavg()[0]!],
  }
  const report = renderReport(bench, facts, parts)
  // A quick run is for trying: it does not replace figures that took their time.
  const out = flags.out ?? (flags.quick ? undefined : 'bench/results.md')
  if (out === undefined) {
    process.stdout.write(report)
  } else {
    await mkdir(dirname(out), { recursive: true })
    await writeFile(out, report)
    bench.progress(`written: ${out}`)
  }
  return 0
}

interface Others {
  /** The path of nsd, where there is one. */
  readonly nsd: string | undefined
  readonly beside: BesideServer | undefined
}

async function measure(bench: Bench, { nsd, beside }: Others): Promise<PartResult[]> {
  bench.progress('building, writing manifests')
  await bench.children.run(process.execPath, ['scripts/build.ts'])
  const manifests = join(bench.folder, 'slices')
  await generateManifests(manifests, { ...bigCluster, form: 'slices' })
  bench.progress('listing all names')
  const names = join(bench.folder, 'names.txt')
  await listNames(bench, { manifests, file: names })
  const known = await readNames(names)
  const queries = await writeQueryFiles(bench, known)
  return [
    await measureCpuPerQuery(bench, { manifests, queries: queries.addresses }),
    await measureThroughput(bench, { manifests, names, queries, nsd }),
    await measureKindsCorefile(bench, { manifests, queries, beside }),
    ...(await measureBigCluster(bench, known)),
    await measureFileChange(bench),
    await measureSilentUpstream(bench),
  ]
}
