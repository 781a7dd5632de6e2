/**
 * Prints a session at a real cluster, on a control plane of its own: `kubectl apply` of a Service and a Deployment, and what
 * `dig` says as pods become ready and go. Nobody runs containers here, so what kubelets would say of pods is said by this script
 * and stands in the session as a comment.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ApiManifest } from '../test/support/api-paths.ts'
import { lookupAsset, whyNoControllers } from '../test/support/control-plane-assets.ts'
import { ControlPlane } from '../test/support/control-plane.ts'
import { FakeKubelet, workload } from '../test/support/fake-kubelet.ts'
import { ServedCluster } from '../test/support/served-cluster.ts'

const reason = whyNoControllers()
if (reason !== undefined) throw new Error(reason)

const manifest =
  '{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: None, selector: {app: web}, ports: [{name: http, port: 80}]}}\n' +
  workload('Deployment', 'web', 'replicas: 2')
const name = 'web.default.svc.cluster.local'

await using plane = await ControlPlane.start()
const kubeconfig = await plane.kubeconfig('admin')
const kubelet = await FakeKubelet.start(plane.client)
await using served = await ServedCluster.start(await plane.kubeconfig('coredns'))
writeFileSync(join(plane.folder, 'web.yaml'), manifest)

run('cat web.yaml')
run('kubectl apply -f web.yaml')
const [one = '', other = ''] = await kubelet.podsOf('web', 2)
await untilReady([])
run('kubectl get pods')
dig(`${name} A`)

await become(one, 'ready', '10.244.0.1')
await untilReady(['10.244.0.1'])
dig(`${name} A`)
await become(other, 'ready', '10.244.0.2')
await untilReady(['10.244.0.1', '10.244.0.2'])
dig(`${name} A`)
dig(`_http._tcp.${name} SRV`)
dig('-x 10.244.0.2')
await become(one, 'not ready', '10.244.0.1')
await untilReady(['10.244.0.2'])
dig(`${name} A`)
run('kubectl scale deployment web --replicas 0')
await untilReady([])
dig(`${name} A`)

/** A command as it was typed, and what it printed. */
function run(command: string): void {
  const assets = lookupAsset('kubectl')!.replace(/\/kubectl$/, '')
  const env = { ...process.env, KUBECONFIG: kubeconfig, PATH: `${assets}:${process.env['PATH']}` }
  console.log(`$ ${command}`)
  console.log(execFileSync('bash', ['-c', command], { cwd: plane.folder, env, encoding: 'utf8' }))
}

function dig(question: string): void {
  run(
    `dig @127.0.0.1 -p ${served.port} ${question} +noall +comments +answer | grep -E 'status|\\bIN\\b'`,
  )
}

async function become(
  pod: string,
  readiness: 'ready' | 'not ready',
  address: string,
): Promise<void> {
  console.log(`# the kubelet says: pod/${pod} has ${address} and is ${readiness}\n`)
  await kubelet.says(pod, readiness, address)
}

/** Until the EndpointSlice controller has said so: what is answered right then is what the session shows. */
async function untilReady(addresses: readonly string[]): Promise<void> {
  interface Endpoint {
    readonly addresses: readonly string[]
    readonly conditions: { readonly ready: boolean }
  }
  const readyIn = ({ endpoints }: ApiManifest): string[] =>
    ((endpoints ?? []) as Endpoint[])
      .filter(({ conditions }) => conditions.ready)
      .flatMap(endpoint => endpoint.addresses)
  const path = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices'
  await plane.client.until(`${path}?labelSelector=kubernetes.io/service-name=web`, slices => {
    return slices.length > 0 && slices.flatMap(readyIn).sort().join() === addresses.join()
  })
}
