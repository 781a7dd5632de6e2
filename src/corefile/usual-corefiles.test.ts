/** The Corefiles that distributions of Kubernetes come with. */
import { readFileSync } from 'node:fs'
import t from 'tap'
import { parseFiles } from '../../test/support/corefile-files.ts'

const kubeadm = 'errors health ready kubernetes prometheus forward cache loop reload loadbalance'
const nodeLocal = 'errors cache reload loop bind forward prometheus'

const cases: readonly [name: string, blocks: Readonly<Record<string, string>>][] = [
  ['kubeadm', { '.:53': kubeadm }],
  [
    'k3s',
    {
      '.:53':
        'errors health ready kubernetes hosts prometheus cache loop reload loadbalance log forward',
      'example.org.:53': 'forward',
    },
  ],
  [
    'minikube',
    {
      '.:53':
        'log errors health ready kubernetes prometheus hosts forward cache loop reload loadbalance',
    },
  ],
  [
    'openshift',
    {
      'example.org.:5353': 'prometheus forward errors log bufsize cache',
      '.:5353': 'bufsize errors log health ready kubernetes prometheus forward cache reload',
      'hostname.bind.:5353': 'chaos',
    },
  ],
  [
    'node-local',
    {
      'cluster.local.:53': `${nodeLocal} health`,
      'in-addr.arpa.:53': nodeLocal,
      'ip6.arpa.:53': nodeLocal,
      '.:53': nodeLocal,
    },
  ],
]

t.test('parseCorefile() reads the Corefiles of distributions', async t => {
  for (const [name, blocks] of cases) {
    const corefile = parseFiles({
      Corefile: readFileSync(`test/corefiles/${name}`, 'utf8'),
      '/etc/coredns/custom/a.override': 'log\n',
      '/etc/coredns/custom/a.server': 'example.org:53 {\n  forward . 10.0.0.53\n}\n',
    })
    const read = corefile.blocks.map(({ keys, directives }) => [
      keys.map(({ zone, port }) => `${zone}:${port}`).join(' '),
      directives.map(directive => directive.name).join(' '),
    ])
    t.same(Object.fromEntries(read), blocks, name)
    t.same(corefile.warnings, [], `${name}: warnings`)
  }
})

t.test('the globs of k3s may be empty', async t => {
  const corefile = parseFiles({ Corefile: readFileSync('test/corefiles/k3s', 'utf8') })
  t.equal(corefile.blocks.length, 1)
  t.same(corefile.globs, ['/etc/coredns/custom/*.override', '/etc/coredns/custom/*.server'])
  t.same(corefile.warnings, [
    'Corefile:19: no files matching import glob pattern: /etc/coredns/custom/*.override',
    'Corefile:22: no files matching import glob pattern: /etc/coredns/custom/*.server',
  ])
})
