/**
 * `npm run bench:cluster [-- --quick] [--out FILE] [--beside-binary PATH]`: measures Signpost at a real API server with 10,000
 * Services and 100,000 endpoints, and CoreDNS beside it where its binary is named.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import type { ClusterClient } from '../test/support/cluster-client.ts'
import { lookupAsset, whyNoControlPlane } from '../test/support/control-plane-assets.ts'
import { ControlPlane } from '../test/support/control-plane.ts'
import { createBigCluster } from './api-objects.ts'
import { Bench, fullPace, quickPace } from './bench.ts'
import { measureChanges } from './cluster-changes.ts'
import { measureOutage } from './cluster-outage.ts'
import { measureReady, measureSmall } from './cluster-ready.ts'
import { measureRelist } from './cluster-relist.ts'
import { besideStarter, signpostStarter } from './cluster-server.ts'
import type { KnownNames } from './query-files.ts'
import { type PartResult, renderReport, type RunFacts } from './report.ts'
import { toolVersion } from './tool-version.ts'

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string' },
    'beside-binary': { type: 'string' },
  },
})
process.chdir(join(import.meta.dirname, '..'))
process.exitCode = await main()

async function main(): Promise<number> {
  if (process.platform !== 'linux') {
    process.stderr.write('The benchmark reads /proc: it runs on Linux only.\n')
    return 1
  }
  const missing = whyNoControlPlane()
  if (missing !== undefined) {
    process.stdout.write(`${missing}: THE BENCHMARK WAS NOT RUN\n`)
    return 0
  }
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
  const parts = await measure(bench)
  const facts: RunFacts = {
    command: 'npm run bench:cluster',
    startedAt,
    tools: [
      `Node ${process.version}`,
      await toolVersion(lookupAsset('kube-apiserver')!, ['--version'], /v(\S+)/),
      await toolVersion(lookupAsset('etcd')!, ['--version'], /Version: (\S+)/),
    ],
    loads: [loadBefore, loadavg()[0]!],
  }
  const report = renderReport(bench, facts, parts)
  // A quick run is for trying: it does not replace figures that took their time.
  const out = flags.out ?? (flags.quick ? undefined : 'bench/cluster-results.md')
  if (out === undefined) {
    process.stdout.write(report)
  } else {
    await mkdir(dirname(out), { recursive: true })
    await writeFile(out, report)
    bench.progress(`written: ${out}`)
  }
  return 0
}

async function measure(bench: Bench): Promise<PartResult[]> {
  bench.progress('building, starting a control plane')
  await bench.children.run(process.execPath, ['scripts/build.ts'])
  await using plane = await ControlPlane.start({ controllers: 'none' })
  const signpost = signpostStarter(bench)
  const binary = flags['beside-binary']
  const starters = [signpost, ...(binary === undefined ? [] : [await besideStarter(bench, binary)])]
  const kubeconfig = await plane.kubeconfig('coredns')
  const small = await measureSmall(bench, { start: signpost, setting: { kubeconfig } })
  bench.progress('creating 10,000 Services and 100,000 endpoints')
  await createBigCluster(plane.client)
  const known = { clusterIps: await readClusterIps(plane.client) }
  const setting = { kubeconfig, version: 0 }
  const ready = await measureReady(bench, { starters, setting, small })
  const changes = await measureChanges(bench, { starters, setting, client: plane.client })
  const relist = await measureRelist(bench, { starters, plane, known })
  const { version } = relist
  const outage = await measureOutage(bench, { start: signpost, plane, known, version })
  return [ready, changes, relist.part, outage]
}

async function readClusterIps(client: ClusterClient): Promise<KnownNames['clusterIps']> {
  const { items } = (await client.send('GET', '/api/v1/services')) as {
    readonly items: readonly {
      readonly metadata: { readonly name: string; readonly namespace: string }
      readonly spec: { readonly clusterIP: string }
    }[]
  }
  return new Map(
    items.map(({ metadata: { name, namespace }, spec }) => [
      `${name}.${namespace}.svc.cluster.local`,
      spec.clusterIP,
    ]),
  )
}
