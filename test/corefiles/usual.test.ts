/**
 * The Corefiles that clusters have today, served and asked. What only a cluster has is put in its place: addresses and ports of
 * this machine, a server upstream that says what it was asked.
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import packet from 'dns-packet'
import t from 'tap'
import { askUdp, decoded } from '../support/dns-client.ts'
import { FakeUpstream } from '../support/fake-upstream.ts'
import { encodeQuery } from '../support/query-cases.ts'
import { type CorefileSetting, ServedCorefile } from '../support/served-corefile.ts'

/** `question` ─▶ rcode, and the data of the answers. */
type Asks = Readonly<Record<string, string>>

const cluster: Asks = {
  'web.default.svc.cluster.local A': 'NOERROR 10.96.0.80',
  '_http._tcp.web.default.svc.cluster.local SRV': 'NOERROR 80 web.default.svc.cluster.local',
  'missing.default.svc.cluster.local A': 'NXDOMAIN',
  'web.default.svc.cluster.local TXT': 'NOERROR',
  '80.0.96.10.in-addr.arpa PTR': 'NOERROR web.default.svc.cluster.local',
}
const outside: Asks = {
  'www.example.net A': 'NOERROR 192.0.2.99',
  '1.2.0.192.in-addr.arpa PTR': 'NXDOMAIN',
}
const insecurePods: Asks = { '10-0-0-1.default.pod.cluster.local A': 'NOERROR 10.0.0.1' }

const usual: Readonly<
  Record<string, { readonly asks: Asks; readonly files?: CorefileSetting['files'] }>
> = {
  kubeadm: { asks: { ...cluster, ...outside, ...insecurePods } },
  'kubeadm-old': { asks: { ...cluster, ...outside, ...insecurePods } },
  eks: { asks: { ...cluster, ...outside, ...insecurePods } },
  aks: {
    files: {
      'a.override': 'hosts {\n  192.0.2.5 own.example\n  fallthrough\n}\n',
      'b.server':
        'corp.example:53 {\n  template IN A corp.example {\n answer "{{ .Name }} 60 IN A 192.0.2.6"\n }\n}\n',
    },
    asks: {
      ...cluster,
      ...outside,
      ...insecurePods,
      'a.reddog.microsoft.com A': 'NXDOMAIN',
      'vm.internal.cloudapp.net A': 'NOERROR 192.0.2.99',
      'a.b.c.d.internal.cloudapp.net A': 'NXDOMAIN',
      'own.example A': 'NOERROR 192.0.2.5',
      'x.corp.example A': 'NOERROR 192.0.2.6',
    },
  },
  k3s: {
    files: { NodeHosts: '192.0.2.10 node-1\n' },
    asks: { ...cluster, ...outside, ...insecurePods, 'node-1 A': 'NOERROR 192.0.2.10' },
  },
  minikube: {
    asks: {
      ...cluster,
      ...outside,
      ...insecurePods,
      'host.minikube.internal A': 'NOERROR 192.168.49.1',
    },
  },
  openshift: { asks: { ...cluster, ...outside, ...insecurePods } },
  'node-local': { asks: { ...outside, 'web.default.svc.cluster.local A': 'NOERROR 192.0.2.99' } },
}

/** One server for everything that is not the cluster's. */
function upstream(): Promise<FakeUpstream> {
  return FakeUpstream.open(query => {
    const { id, questions = [] } = query.decoded
    const [{ name, type }] = questions as [{ name: string; type: string }]
    const isReverse = name.endsWith('.arpa')
    query.send(
      packet.encode({
        type: 'response',
        id,
        flags: isReverse ? 3 : 0,
        questions,
        ...(type === 'A' && { answers: [{ type, name, ttl: 60, data: '192.0.2.99' }] }),
        ...(isReverse && {
          authorities: [
            {
              type: 'SOA' as const,
              name: 'in-addr.arpa',
              ttl: 60,
              data: {
                mname: 'a',
                rname: 'b',
                serial: 1,
                refresh: 1,
                retry: 1,
                expire: 1,
                minimum: 60,
              },
            },
          ],
        }),
      }),
    )
  })
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  return port
}

/** The Corefile for this machine: loopback, free ports, our upstream. */
function adapt(text: string, to: FakeUpstream, port: number): string {
  return text
    .replaceAll('/etc/coredns/custom', 'DIR')
    .replaceAll('custom/', 'DIR/')
    .replaceAll('/etc/coredns', 'DIR')
    .replaceAll('/etc/resolv.conf', to.to)
    .replaceAll('10.96.7.7', to.to)
    .replaceAll(/^(\S+):53 \{/gm, text.includes('bind') ? `$1:${port} {` : '$1:53 {')
    .replaceAll('bind 169.254.20.10 10.96.0.10', 'bind 127.0.0.1')
    .replaceAll(/^(\s+)health\b(?: \S+:\d+)?/gm, '$1health 127.0.0.1:0')
    .replaceAll(/^(\s+)ready\b/gm, '$1ready 127.0.0.1:0')
    .replaceAll(/prometheus \S*:\d+/g, 'prometheus 127.0.0.1:0')
    .replaceAll(/lameduck \d+s/g, 'lameduck 0s')
}

function dataOf(answer: { type: string; data?: unknown }): string {
  if (answer.type !== 'SRV') return String(answer.data)
  const { port, target } = answer.data as { port: number; target: string }
  return `${port} ${target}`
}

for (const [name, { asks, files = {} }] of Object.entries(usual)) {
  t.test(`the Corefile of ${name} is served as it is`, async t => {
    await using to = await upstream()
    const text = readFileSync(new URL(name, import.meta.url), 'utf8')
    await using server = await ServedCorefile.start(adapt(text, to, await freePort()), { files })
    for (const [question, expected] of Object.entries(asks)) {
      const reply = decoded(
        await askUdp(server.binding, encodeQuery(question), { patienceMs: 4000 }),
      )
      const { rcode } = reply as unknown as { rcode: string }
      t.equal([rcode, ...(reply.answers ?? []).map(dataOf)].join(' '), expected, question)
    }
    const faults = server.logged.filter(line => /^\[(ERROR|PANIC)\]/.test(line))
    t.strictSame(faults, [])
    const logged = server.logged.filter(line => / NOERROR /.test(line)).length
    if (name === 'minikube') t.ok(logged > 5, `${logged} queries in the log`)
    else t.equal(logged, 0, 'nothing in the query log')
  })
}
