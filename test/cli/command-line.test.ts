/** Command lines: exit code and the first line that people see. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { commands } from '../../src/cli/commands.ts'
import { AllocationState } from '../../src/sources/allocation-state.ts'
import { runHere } from '../support/cli-run.ts'

const examples = ['--manifests', 'examples'] as const

t.test('a command line that cannot be carried out ends with one line and an exit code', async t => {
  const taken = createServer()
  taken.listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const { port } = taken.address() as { port: number }
  const shared = createSocket({ type: 'udp4', reusePort: true })
  shared.bind(0, '127.0.0.1')
  await once(shared, 'listening')
  t.teardown(() => shared.close())
  const state = join(t.testdir({ file: '' }), 'state')
  const held = await AllocationState.open(state)
  t.teardown(() => held.close())

  const cases: readonly [args: readonly string[], code: number, err: string | RegExp][] = [
    [['bogus'], 2, /^"bogus" is not a command: known are serve, check, /],
    [['help', 'bogus'], 2, /^"bogus" is not a command: known are /],
    [
      ['serve'],
      2,
      "not in a cluster: expected --manifests DIR, --kubeconfig FILE, or a pod's service account (KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set)",
    ],
    [
      ['names'],
      2,
      "not in a cluster: expected --manifests DIR, --kubeconfig FILE, or a pod's service account (KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set)",
    ],
    [['serve', '--bogus'], 2, "Unknown option '--bogus': see `signpost serve --help`"],
    [['serve', '--manifests'], 2, /^Option '--manifests <value>' argument missing: see /],
    [['serve', ...examples, 'extra'], 2, 'serve takes nothing but options, got "extra"'],
    [
      ['serve', '--manifests', 'nowhere'],
      2,
      '--manifests: expected a folder, got "nowhere", which is not there',
    ],
    [
      ['services', '--manifests', 'package.json'],
      2,
      '--manifests: expected a folder, got "package.json", which is a file',
    ],
    [
      ['serve', ...examples, '--service-cidr', '10.0.0.1/8'],
      2,
      '--service-cidr: expected a network such as 10.96.0.0/16 or fd00:96::/112, host bits zero, got "10.0.0.1/8"',
    ],
    [['env', ...examples, '--service-cidr', ''], 2, /^--service-cidr: expected a network /],
    [
      ['services', ...examples, '--service-cidr', 'fd00::/48'],
      2,
      '--service-cidr: expected an IPv6 network from /64 to /127, got "fd00::/48"',
    ],
    [
      ['services', ...examples, '--service-cidr', '10.96.0.0/16,fd00::/128'],
      2,
      '--service-cidr: expected an IPv6 network from /64 to /127, got "fd00::/128"',
    ],
    [
      ['services', ...examples, '--service-cidr', '10.96.0.0/31'],
      2,
      '--service-cidr: expected an IPv4 network from /0 to /30, got "10.96.0.0/31"',
    ],
    [
      ['env', ...examples, '--pod-cidr', '10.0.0.0/16,10.1.0.0/16'],
      2,
      '--pod-cidr: expected one network per family, got two of one',
    ],
    [
      ['names', ...examples, '--pod-cidr', '10.96.128.0/20'],
      2,
      '--service-cidr 10.96.0.0/16 and --pod-cidr 10.96.128.0/20: expected networks apart, got ones that overlap',
    ],
    [
      ['names', ...examples, '--pods', 'all'],
      2,
      '--pods: expected disabled, insecure or verified, got "all"',
    ],
    [
      ['serve', ...examples, '--listen', 'localhost:53'],
      2,
      '--listen: expected ADDR:PORT such as 127.0.0.1:1053, [::1]:1053 or :53, got "localhost:53"',
    ],
    [['serve', ...examples, '--listen', '127.0.0.1:65536'], 2, /^--listen: expected ADDR:PORT /],
    [
      ['names', ...examples, '--ttl', '1e3'],
      2,
      '--ttl: expected a number from 0 to 3600, got "1e3"',
    ],
    [
      ['names', ...examples, '--zone', 'a..b'],
      2,
      '--zone: expected a domain name such as cluster.local, got "a..b"',
    ],
    [
      ['serve', ...examples, '--workers', '0'],
      2,
      '--workers: expected a number from 1 to 32, got "0"',
    ],
    [
      ['serve', ...examples, '--listen', `127.0.0.1:${port}`, '--workers', '1'],
      1,
      `Cannot listen on 127.0.0.1:${port}: listen EADDRINUSE: address already in use 127.0.0.1:${port}`,
    ],
    [
      ['serve', ...examples, '--listen', `127.0.0.1:${port}`, '--workers', '2'],
      1,
      `Cannot listen on 127.0.0.1:${port}: listen EADDRINUSE: address already in use 127.0.0.1:${port}`,
    ],
    // Another program that shares its port is no reason to share it.
    [
      ['serve', ...examples, '--listen', `127.0.0.1:${shared.address().port}`, '--workers', '2'],
      1,
      /^Cannot listen on 127\.0\.0\.1:\d+: bind EADDRINUSE/,
    ],
    [
      ['serve', ...examples, '--listen', '192.0.2.1:1053'],
      1,
      /^Cannot listen on 192\.0\.2\.1:1053: bind EADDRNOTAVAIL/,
    ],
    [
      ['serve', ...examples, '--listen', '127.0.0.1:0', '--state', state],
      1,
      new RegExp(`^Cannot open ".*state" for writing: held by process ${process.pid} on `),
    ],
    [
      ['env', ...examples, '-n', 'shpo'],
      1,
      'namespace "shpo" is not among the manifests: known are default, kube-node-lease, kube-public, kube-system, shop',
    ],
    [['query'], 2, 'query takes NAME [TYPE] or -x ADDR, got nothing'],
    [
      ['query', '-x', '10.96.0'],
      2,
      '--reverse: expected an address such as 10.96.0.1, got "10.96.0"',
    ],
    [['query', '-x', '10.96.0.1', 'a', 'A'], 2, 'query -x takes ADDR [TYPE], got "a A" too'],
    [['query', 'a', 'b', 'c'], 2, 'query takes NAME [TYPE], got "a b c"'],
    [['query', 'a', 'BOGUS'], 2, /^"BOGUS" is no record type: expected A, /],
    [
      ['query', 'a..b'],
      2,
      '"a..b" is no domain name: expected labels of 1 to 63 bytes, 255 in all',
    ],
    [['query', `${'x'.repeat(64)}.a`], 2, /is no domain name/],
    [['query', 'a', '--server', 'localhost'], 2, /^--server: expected ADDR:PORT such as /],
  ]
  for (const [args, code, err] of cases) {
    const run = await runHere(args)
    const line = args.join(' ')
    t.equal(run.code, code, line)
    t.equal(run.err.split('\n').length, 2, `${line}: one line`)
    const message = run.err.trimEnd().replace(/^signpost: /, '')
    if (typeof err === 'string') t.equal(message, err, line)
    else t.match(message, err, line)
    t.equal(run.out, '', `${line}: nothing on standard output`)
  }
})

t.test('help tells of every command and every option', async t => {
  t.match(await runHere([]), { code: 2, out: /^Signpost: / })
  t.match(await runHere(['--help']), { code: 0, out: /^Signpost: / })
  for (const command of commands) {
    for (const args of [
      [command.name, '--help'],
      [command.name, '-h'],
      ['help', command.name],
    ]) {
      const { code, out, err } = await runHere(args)
      t.match({ code, err }, { code: 0, err: '' }, args.join(' '))
      for (const word of [
        command.summary,
        ...Object.keys(command.options).map(name => `--${name}`),
      ])
        t.ok(out.includes(word), `${args.join(' ')}: ${word}`)
    }
  }
})

t.test('what is listed is listed for programs too', async t => {
  const cases: readonly [args: readonly string[], item: unknown][] = [
    [['names'], { name: 'in-addr.arpa.', type: 'NS' }],
    [['names', '-n', 'shop'], { name: /\.shop\.svc\.cluster\.local\.$|^shop\.svc/ }],
  ]
  for (const [args, item] of cases) {
    const { code, out, err } = await runHere([...args, ...examples, '--json'])
    t.match({ code, err }, { code: 0, err: '' }, args.join(' '))
    t.match((JSON.parse(out) as unknown[])[0], item, args.join(' '))
  }
  const env = await runHere(['env', ...examples, '--json'])
  t.match(JSON.parse(env.out), { KUBERNETES_SERVICE_HOST: '10.96.0.1' })
  const bare = await runHere(['env', ...examples, '--json', '--no-service-links'])
  t.notOk('WEB_SERVICE_SERVICE_HOST' in JSON.parse(bare.out))
})

t.test(
  'Services and endpoints are listed as kubectl prints them, and can be read again',
  async t => {
    const root = t.testdir()
    for (const [command, item] of [
      [
        'services',
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { namespace: 'default', name: 'kubernetes' },
          spec: { clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'], type: 'ClusterIP' },
        },
      ],
      [
        'endpoints',
        {
          apiVersion: 'discovery.k8s.io/v1',
          kind: 'EndpointSlice',
          metadata: {
            namespace: 'default',
            labels: { 'kubernetes.io/service-name': 'web-service' },
          },
          endpoints: [{ addresses: [/^10\.244\./], conditions: { ready: true } }, {}],
        },
      ],
    ] as const) {
      const { out } = await runHere([command, ...examples, '--json'])
      const list = JSON.parse(out) as { items: unknown[] }
      t.match(list, { apiVersion: 'v1', kind: 'List' })
      t.match(list.items[0], item)
      await writeFile(join(root, `${command}.json`), out)
    }
    for (const command of ['services', 'endpoints']) {
      const again = await runHere([command, '--manifests', root])
      t.strictSame(again, await runHere([command, ...examples]), command)
    }
  },
)

t.test(
  'manifests that are refused are told of and make exit code 1; the rest is listed',
  async t => {
    const good =
      '{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}'
    const root = t.testdir({ 'good.yaml': good, 'bad.yaml': good.replace('80', '80000') })
    const { code, out, err } = await runHere(['services', '--manifests', root])
    t.equal(code, 1)
    t.match(err, /^bad\.yaml:1 \(document 1\): Service "default\/web": spec\.ports\[0\]\.port: /)
    t.match(out, /^default +web +ClusterIP +10\.96\.\d+\.\d+ +80\/TCP +0$/m)
  },
)

t.test('a namespace that there is not is an empty list', async t => {
  const err =
    'namespace "shpo" is not among the manifests: known are default, kube-node-lease, kube-public, kube-system, shop\n'
  for (const command of ['services', 'endpoints', 'names']) {
    const run = await runHere([command, ...examples, '-n', 'shpo'])
    t.strictSame(run, { code: 0, out: '', err }, command)
  }
  t.equal((await runHere(['services', ...examples, '-n', 'kube-system'])).err, '')
})

t.test('warnings do not make exit code 1', async t => {
  const root = t.testdir({
    'web.yaml':
      '{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: "fd00:96:0::9", ports: [{port: 80}]}}',
  })
  const { code, err } = await runHere([
    'names',
    '--manifests',
    root,
    '--service-cidr',
    'fd00:96::/112',
  ])
  t.match({ code, err }, { code: 0, err: /RFC 5952/ })
})
