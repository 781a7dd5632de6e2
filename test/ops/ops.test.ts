/** Probes and metrics over HTTP, with real listeners. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import t from 'tap'
import { MetricCells } from '../../src/lib/metric-cells.ts'
import { Ops, type OpsConfiguration } from '../../src/ops/ops.ts'

const here = { host: '127.0.0.1', port: 0 }
const nothing: OpsConfiguration = { health: [], ready: [], metrics: [] }

function quietOps(
  more: { readonly probeEveryMs?: number; readonly warnings?: string[] } = {},
): Ops {
  const { warnings = [], ...options } = more
  return new Ops({
    logger: { info: () => {}, warn: message => warnings.push(message), error: () => {} },
    version: '1.14.7',
    revision: 'abc',
    ...options,
  })
}

async function fetchText(
  ops: Ops,
  path: string,
  method = 'GET',
): Promise<{ status: number; text: string }> {
  const response = await fetch(`http://127.0.0.1:${ops.portOf(here)}${path}`, { method })
  return { status: response.status, text: await response.text() }
}

t.test('what is asked gets its reply', async t => {
  await using ops = quietOps()
  await ops.configure({
    health: [{ ...here, lameduckMs: 5000 }],
    ready: [{ ...here, monitor: 'until-ready' }],
    metrics: [here],
  })
  const cases: readonly [path: string, method: string, status: number, text: RegExp][] = [
    ['/health', 'GET', 200, /^OK$/],
    ['/health?x=1', 'GET', 200, /^OK$/],
    ['/health', 'HEAD', 200, /^$/],
    ['/health', 'POST', 405, /Method/],
    ['/healthy', 'GET', 404, /Not Found/],
    ['/ready', 'GET', 200, /^OK$/],
    [
      '/metrics',
      'GET',
      200,
      /^coredns_build_info\{version="1.14.7",revision="abc",goversion="node v24/m,
    ],
    ['/metrics', 'GET', 200, /^coredns_panics_total 0$/m],
    ['/metrics', 'GET', 200, /^process_resident_memory_bytes \d+$/m],
  ]
  for (const [path, method, status, text] of cases) {
    t.match(await fetchText(ops, path, method), { status, text }, `${method} ${path}`)
  }
  t.equal(ops.lameduckMs, 5000)
})

t.test('readiness names what is waited for', async t => {
  const steps: readonly [
    step: string,
    act: (ops: Ops) => void,
    untilReady: string,
    continuously: string,
  ][] = [
    [
      'two parts begin',
      ops => ['zone', 'kubernetes'].forEach(part => ops.setReady(part, false)),
      '503 kubernetes,zone',
      '503 kubernetes,zone',
    ],
    ['one is ready', ops => ops.setReady('zone', true), '503 kubernetes', '503 kubernetes'],
    ['both are', ops => ops.setReady('kubernetes', true), '200 OK', '200 OK'],
    ['one is no more', ops => ops.setReady('zone', false), '200 OK', '503 zone'],
    ['it is not wanted any more', ops => ops.removePart('zone'), '200 OK', '200 OK'],
    ['the end begins', ops => ops.shutdownBegins(), '503 Shutting down', '503 Shutting down'],
  ]
  for (const monitor of ['until-ready', 'continuously'] as const) {
    await using ops = quietOps()
    await ops.configure({
      ...nothing,
      health: [{ ...here, lameduckMs: 0 }],
      ready: [{ ...here, monitor }],
    })
    for (const [step, act, untilReady, continuously] of steps) {
      act(ops)
      const { status, text } = await fetchText(ops, '/ready')
      t.equal(
        `${status} ${text}`,
        monitor === 'continuously' ? continuously : untilReady,
        `${monitor}: ${step}`,
      )
      t.match(await fetchText(ops, '/health'), { status: 200 }, 'health stays')
    }
  }
})

t.test('an address that stays keeps its listener and its connections', async t => {
  await using ops = quietOps()
  await ops.configure({ ...nothing, health: [{ ...here, lameduckMs: 0 }] })
  const port = ops.portOf(here)
  t.match(await fetchText(ops, '/metrics'), { status: 404 })
  await ops.configure({ ...nothing, metrics: [here] })
  t.equal(ops.portOf(here), port)
  t.match(await fetchText(ops, '/metrics'), { status: 200 })
  t.match(await fetchText(ops, '/health'), { status: 404 })
  await ops.configure(nothing)
  t.equal(ops.portOf(here), undefined)
  await t.rejects(fetch(`http://127.0.0.1:${port}/metrics`), 'nobody listens there')
})

t.test('an address that is taken is named, and all is as before', async t => {
  const other = createServer()
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  await using ops = quietOps()
  await ops.configure({ ...nothing, metrics: [here] })
  await t.rejects(
    ops.configure({ ...nothing, ready: [{ host: '127.0.0.1', port, monitor: 'until-ready' }] }),
    { code: 'EADDRINUSE', message: `Cannot serve /ready on 127.0.0.1:${port}: ` },
  )
  t.match(await fetchText(ops, '/metrics'), { status: 200 })
  other.close()
})

t.test('another address with the same port takes the place of the one that leaves', async t => {
  await using ops = quietOps()
  await ops.configure({ ...nothing, metrics: [{ host: '', port: 0 }] })
  const port = ops.portOf({ host: '', port: 0 })!
  await ops.configure({ ...nothing, metrics: [{ host: '127.0.0.1', port }] })
  const response = await fetch(`http://127.0.0.1:${port}/metrics`)
  t.equal(response.status, 200)
})

t.test('what threads count is summed up, and stays when they die', async t => {
  await using ops = quietOps()
  await ops.configure({ ...nothing, metrics: [here] })
  const [first, second] = [0, 1].map(
    thread => new MetricCells(series => ops.addSeries(thread, series)),
  )
  for (const [cells, amount] of [
    [first!, 1],
    [second!, 2],
    [ops.cells, 4],
  ] as const) {
    cells.counter('coredns_panics_total').add(amount)
    cells.gauge('coredns_cache_entries', { type: 'success', server: 'dns://:53' }).set(amount)
    cells.histogram('coredns_health_request_duration_seconds', [0.5, 1]).observe(amount / 4)
  }
  const counted = async (): Promise<string[]> =>
    (await fetchText(ops, '/metrics')).text
      .split('\n')
      .filter(line => /^coredns_(panics|cache_entries|health_request_duration)/.test(line))
  const histogram = [
    'coredns_health_request_duration_seconds_bucket{le="0.5"} 2',
    'coredns_health_request_duration_seconds_bucket{le="1"} 3',
    'coredns_health_request_duration_seconds_bucket{le="+Inf"} 3',
    'coredns_health_request_duration_seconds_sum 1.75',
    'coredns_health_request_duration_seconds_count 3',
  ]
  t.same(await counted(), [
    'coredns_cache_entries{type="success",server="dns://:53"} 7',
    ...histogram,
    'coredns_panics_total 7',
  ])
  ops.forgetThread(0)
  t.same(await counted(), [
    'coredns_cache_entries{type="success",server="dns://:53"} 6',
    ...histogram,
    'coredns_panics_total 7',
  ])
  const again = new MetricCells(series => ops.addSeries(0, series))
  again.counter('coredns_panics_total').add(10)
  t.equal((await counted()).at(-1), 'coredns_panics_total 17')
})

t.test('rows replace each other as a whole', async t => {
  await using ops = quietOps()
  await ops.configure({ ...nothing, metrics: [here] })
  for (const name of ['cache', 'forward']) {
    ops.setRows('coredns_plugin_enabled', [{ labels: { name }, value: 1 }])
    const { text } = await fetchText(ops, '/metrics')
    t.same(text.match(/^coredns_plugin_enabled.*$/gm), [`coredns_plugin_enabled{name="${name}"} 1`])
  }
})

t.test('the health endpoint is asked by ourselves', async t => {
  const warnings: string[] = []
  await using ops = quietOps({ probeEveryMs: 5, warnings })
  await ops.configure({ ...nothing, health: [{ ...here, lameduckMs: 0 }], metrics: [here] })
  for (;;) {
    const { text } = await fetchText(ops, '/metrics')
    if (!/^coredns_health_request_duration_seconds_count [1-9]/m.test(text)) continue
    t.match(text, /^coredns_health_request_failures_total 0$/m)
    break
  }
  t.same(warnings, [])
})
