/** Certificates of our own against a real API server: who makes them, who leads, and a rotation under load. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { KubeAccess } from '../../src/access/kube-access.ts'
import {
  ManagedCertificates,
  type ManagedCertificatesOptions,
} from '../../src/admission/managed-certificates.ts'
import { ApiClient } from '../../src/client/api-client.ts'
import { whyNoControlPlane } from '../support/control-plane-assets.ts'
import { ControlPlane } from '../support/control-plane.ts'
import { CertifiedServer } from '../support/certified-server.ts'
import { asData, oneContext } from '../support/kubeconfig.ts'
import { SteadyReviews } from '../support/steady-reviews.ts'
import { until } from '../support/until.ts'
import { Rendered } from '../manifests/rendered.ts'

const namespace = 'signpost'
const configurations = ['signpost-services', 'signpost-pods']
const quick = {
  leaseMs: 3_000,
  renewWithinMs: 2_000,
  roundMs: 200,
  bundleCheckMs: 300,
  reportMs: 500,
  reportLifeMs: 3_000,
  settleMs: 1_000,
  keepOldMs: 1_500,
}
const dayMs = 24 * 3_600_000

t.test('certificates of admission', { skip: whyNoControlPlane() ?? false }, async t => {
  await using plane = await ControlPlane.start()
  const kubeconfig = await install(plane)
  const lines: string[] = []
  const log = (message: string): void => void lines.push(message)
  const logger = { info: log, warn: log, error: log }
  const open = (
    identity: string,
    more: Partial<ManagedCertificatesOptions> = {},
  ): Promise<ManagedCertificates> => {
    const access = KubeAccess.open({ from: 'kubeconfig', files: [kubeconfig], context: undefined })
    const client = new ApiClient({ access })
    const names = { namespace, secret: 'signpost-admission-tls', lease: 'signpost-admission' }
    const service = 'signpost-admission'
    return ManagedCertificates.open(
      {
        access,
        client,
        logger,
        ...names,
        service,
        identity,
        configurations,
        timing: quick,
        ...more,
      },
      AbortSignal.timeout(20_000),
    )
  }

  await t.test('three replicas that start at once share one certificate', async t => {
    // A long time ago, so that what they make is old now.
    const clock = (): number => Date.now() - 300 * dayMs
    const timing = { ...quick, leafLifeMs: 400 * dayMs }
    const replicas = await Promise.all(
      ['a', 'b', 'c'].map(identity => open(identity, { clock, timing })),
    )
    const certs = new Set(replicas.map(replica => replica.current().cert))
    t.equal(certs.size, 1)
    await bundlesBecome(plane, bundles => bundles.every(one => one !== ''))
    const bundles = await bundlesOf(plane)
    t.equal(new Set(bundles).size, 1, 'every webhook has it')
    t.equal(replicas.filter(replica => replica.isLeader).length, 1)

    const leader = replicas.find(replica => replica.isLeader)!
    await leader[Symbol.asyncDispose]()
    const others = replicas.filter(replica => replica !== leader)
    await until('one leads', () => others.filter(replica => replica.isLeader).length === 1)
    t.pass('another one leads')
    await forgetBundle(plane)
    await bundlesBecome(plane, now => now.every(one => one === bundles[0]))
    t.pass('and puts caBundle right')
    const reports = Object.keys(await leaseAnnotations(plane))
    t.equal(reports.length, 2, 'who has gone is waited for by nobody')
    for (const replica of others) await replica[Symbol.asyncDispose]()
    t.strictSame(
      lines.filter(line => line.startsWith('Cannot')),
      [],
    )
  })

  await t.test('an authority takes the place of another under load: no request fails', async t => {
    // The clock goes on when the test says so: the authority is then in its last third.
    let behind = 200 * dayMs
    const clock = (): number => Date.now() - behind
    const replicas = [await open('d', { clock }), await open('e', { clock })]
    await using first = await CertifiedServer.start(replicas[0]!)
    await using second = await CertifiedServer.start(replicas[1]!)
    const before = replicas[0]!.current().cert
    await bundlesBecome(plane, bundles => bundles.every(one => one !== ''))
    const [oldBundle] = await bundlesOf(plane)
    // A replica that was killed: nobody may wait for it for ever.
    await plane.client.send(
      'PATCH',
      `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/signpost-admission`,
      { metadata: { annotations: { 'serving.signpost.dev/killed': 'f00 long ago' } } },
    )
    await using load = await SteadyReviews.start({
      ports: [first.port, second.port],
      servername: `signpost-admission.${namespace}.svc`,
      everyMs: 20,
      trust: async () => (await bundlesOf(plane))[0]!,
    })
    await load.answered(50)
    behind = 0
    const seen = new Set<string>()
    await bundlesBecome(plane, ([bundle]) => {
      seen.add(bundle!)
      return bundle !== oldBundle && certificatesIn(bundle!) === 1
    })
    t.strictSame([...seen].map(certificatesIn), [1, 2, 2, 1], 'old, old and new, new and old, new')
    await load.answered(50)
    const after = replicas.map(replica => replica.current().cert)
    t.not(after[0], before)
    t.equal(after[0], after[1])
    const { answers, failures, connections } = await load.end()
    t.strictSame(failures, [])
    t.ok(answers > 100, `${answers} answers`)
    t.ok(connections.kept > 1, 'over connections that were kept')
    t.ok(connections.fresh > 50, 'and over new ones')
    const shown = await bundlesOf(plane)
    t.notMatch(shown[0], oldBundle!, 'the authority before is gone')
    for (const replica of replicas) await replica[Symbol.asyncDispose]()
    t.strictSame(
      lines.filter(line => line.startsWith('Cannot')),
      [],
    )
  })
})

/** The base as it would be installed, and a kubeconfig with the rights of its account. */
async function install(plane: ControlPlane): Promise<string> {
  const { client } = plane
  const paths: Readonly<Record<string, string>> = {
    Namespace: '/api/v1/namespaces',
    ServiceAccount: `/api/v1/namespaces/${namespace}/serviceaccounts`,
    Service: `/api/v1/namespaces/${namespace}/services`,
    Deployment: `/apis/apps/v1/namespaces/${namespace}/deployments`,
    PodDisruptionBudget: `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`,
    NetworkPolicy: `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`,
    ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
    ClusterRoleBinding: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    Role: `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`,
    RoleBinding: `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`,
    MutatingWebhookConfiguration:
      '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
  }
  // Rights come before what they are given to, in the order of kustomize.
  for (const object of new Rendered('manifests/admission').objects) {
    const strict = '?fieldValidation=Strict'
    await client.send('POST', `${paths[String(object['kind'])]!}${strict}`, object)
  }
  const account = `/api/v1/namespaces/${namespace}/serviceaccounts/signpost-admission/token`
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} }
  const { status } = (await client.send('POST', account, request)) as { status: { token: string } }
  const cluster = {
    server: plane.server,
    'certificate-authority-data': asData(readFileSync(plane.ca, 'utf8')),
  }
  const path = join(plane.folder, 'admission.conf')
  writeFileSync(path, oneContext(cluster, { token: status.token }), { mode: 0o600 })
  return path
}

interface Configuration {
  readonly webhooks: readonly { readonly clientConfig: { readonly caBundle?: string } }[]
}

const configurationsPath = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'

/** caBundle of every webhook, PEM. */
async function bundlesOf(plane: ControlPlane): Promise<string[]> {
  const { items } = (await plane.client.send('GET', configurationsPath)) as {
    readonly items: readonly Configuration[]
  }
  return items.flatMap(({ webhooks }) =>
    webhooks.map(({ clientConfig }) =>
      Buffer.from(clientConfig.caBundle ?? '', 'base64').toString(),
    ),
  )
}

async function bundlesBecome(
  plane: ControlPlane,
  isSo: (bundles: readonly string[]) => boolean,
): Promise<void> {
  await plane.client.until(configurationsPath, items =>
    isSo(
      (items as unknown as readonly Configuration[]).flatMap(({ webhooks }) =>
        webhooks.map(({ clientConfig }) =>
          Buffer.from(clientConfig.caBundle ?? '', 'base64').toString(),
        ),
      ),
    ),
  )
}

async function forgetBundle(plane: ControlPlane): Promise<void> {
  const path = `${configurationsPath}/signpost-pods`
  const found = (await plane.client.send('GET', path)) as Configuration
  const webhooks = found.webhooks.map(webhook => ({
    ...webhook,
    clientConfig: { ...webhook.clientConfig, caBundle: null },
  }))
  await plane.client.send('PATCH', path, { webhooks })
}

async function leaseAnnotations(plane: ControlPlane): Promise<object> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/signpost-admission`
  const lease = (await plane.client.send('GET', path)) as { metadata: { annotations: object } }
  return lease.metadata.annotations
}

function certificatesIn(bundle: string): number {
  return bundle.split('-----BEGIN CERTIFICATE-----').length - 1
}
