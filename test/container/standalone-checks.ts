import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Test } from 'tap'
import type { Binding } from '../../src/server/binding.ts'
import { askUdp, decoded, plainQuery, TcpClient } from '../support/dns-client.ts'
import type { PodImages } from './pod-images.ts'
import { checkOrderlyEnd, statusOf } from './orderly-end.ts'
import { type ContainerOptions, RuncContainer } from './runc-container.ts'
import { stockSecurity } from './runtime-spec.ts'
import { startUpstream } from './upstream.ts'

const name = 'web-service.default.svc.cluster.local'
const mebibyte = 2 ** 20

/** The images with a folder of manifests as the cluster, in the network of this process. */
export async function checkStandalone(t: Test, images: PodImages, folder: string): Promise<void> {
  // A name server beside the pod: the program answers on every address of the network, which is 127.0.0.1 alone.
  writeFileSync(join(folder, 'resolv.conf'), 'nameserver 127.0.0.2\n')
  const pod: ContainerOptions = {
    image: images.signpost,
    security: stockSecurity,
    args: ['-conf', '/etc/coredns/Corefile', '-manifests', '/manifests'],
    volumes: {
      '/etc/coredns/Corefile': resolve('test/corefiles/kubeadm'),
      '/etc/resolv.conf': join(folder, 'resolv.conf'),
      '/manifests': resolve('examples'),
    },
    memoryLimitBytes: 170 * mebibyte,
  }

  await t.test('the stock Deployment of kubeadm and kind', async t => {
    const upstream = await startUpstream('127.0.0.2')
    t.teardown(() => upstream.close())
    using container = new RuncContainer(pod)
    await container.says(/^\.:53$[^]*Signpost-/m)

    await t.test('runs without rights', async t => {
      const status = readFileSync(`/proc/${container.pid}/status`, 'utf8')
      t.match(status, /^Uid:\t65532\t65532\t/m)
      t.match(status, /^NoNewPrivs:\t1$/m)
      for (const set of ['CapPrm', 'CapEff', 'CapBnd']) {
        t.match(status, new RegExp(`^${set}:\t0{13}400$`, 'm'), `${set} is NET_BIND_SERVICE`)
      }
      t.match(readFileSync(`/proc/${container.pid}/mountinfo`, 'utf8'), /^\S+ \S+ \S+ \S+ \/ ro,/m)
    })

    await t.test('answers on port 53, and says so to probes', async t => {
      const server = at(53)
      t.equal(await rcodeOf(server, name), 'NOERROR')
      t.equal(await rcodeOf(server, `no.${name}`), 'NXDOMAIN')
      t.equal(await rcodeOf(server, 'www.example.com'), 'NOERROR', 'from upstream')
      using client = await TcpClient.open(server)
      client.send(plainQuery(name))
      t.equal(decoded((await client.replies(1))[0]).answers?.length, 1)
      t.equal(await statusOf('127.0.0.1:8080/health'), 200)
      t.equal(await statusOf('127.0.0.1:8181/ready'), 200)
      const metrics = await (await fetch('http://127.0.0.1:9153/metrics')).text()
      t.match(metrics, /^coredns_dns_requests_total\{/m)
      t.match(metrics, /^process_open_fds \d/m)
    })

    await t.test('has the program and what it is linked with, and nothing else', async t => {
      const ours = ['app', 'coredns', 'lib', 'lib64', 'usr']
      // What runc makes in the root for what it mounts.
      const mounted = ['dev', 'etc', 'manifests', 'proc', 'sys']
      const known = new Set([...ours, ...mounted])
      t.same(
        readdirSync(images.signpost.root).filter(name => !known.has(name)),
        [],
      )
    })

    await t.test('has CoreDNS’s names, and a client for kubectl exec', async t => {
      for (const program of ['/coredns', 'coredns', 'signpost']) {
        t.match(container.exec(program, '-version'), /^Signpost-/, program)
      }
      t.match(container.exec('signpost', 'query', name, '--server', '127.0.0.1:53'), /^NOERROR/)
    })

    await t.test('ends in order, and loses no answer until then', async t => {
      const { memoryLimitBytes } = pod
      await checkOrderlyEnd(t, { container, address: '127.0.0.1', name, memoryLimitBytes })
    })
  })

  await t.test('a pod that drops every capability', async t => {
    const security = { capabilities: [] }
    await t.test('cannot start the image with port 53', async t => {
      using container = new RuncContainer({ ...pod, security })
      t.not(await container.ended, 0)
      t.match(container.err, /operation not permitted/)
    })
    await t.test('starts the unprivileged one on port 1053', async t => {
      const args = [...pod.args, '-dns.port', '1053']
      const volumes = {
        ...pod.volumes,
        '/etc/coredns/Corefile': resolve('test/container/Corefile'),
      }
      using container = new RuncContainer({
        ...pod,
        args,
        security,
        volumes,
        image: images.unprivileged,
      })
      await container.says(/^\.:1053$[^]*Signpost-/m)
      t.equal(await rcodeOf(at(1053), name), 'NOERROR')
      container.kill('TERM')
      t.equal(await container.ended, 0)
    })
  })
}

function at(port: number): Binding {
  return { scheme: 'dns', family: 'IPv4', address: '127.0.0.1', port }
}

async function rcodeOf(server: Binding, qname: string): Promise<string> {
  return decoded(await askUdp(server, plainQuery(qname), { patienceMs: 2000 })).rcode
}
