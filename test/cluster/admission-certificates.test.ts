/** Certificates of our own against a real API server: who makes them, who leads, and a rotation under load. */
import { X509Certificate } from 'node:crypto'
import { networkInterfaces } from 'node:os'
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
import { asData } from '../support/kubeconfig.ts'
import {
  bundlesBecome,
  bundlesOf,
  forgetBundle,
  installAdmission,
  leaseAnnotations,
} from '../support/installed-admission.ts'
import { SteadyCreations } from '../support/steady-creations.ts'
import { SteadyReviews } from '../support/steady-reviews.ts'
import { until } from '../support/until.ts'

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
/** No endpoint may be on loopback. */
const ownAddress = Object.values(networkInterfaces())
  .flat()
  .find(one => one?.family === 'IPv4' && !one.internal)?.address

t.test('certificates of admission', { skip: whyNot() ?? false }, async t => {
  await using plane = await ControlPlane.start()
  await plane.stopApiServer()
  // It asks the endpoints of a Service, because there is nothing that would make its address work.
  await plane.startApiServer('--enable-aggregator-routing=true')
  const kubeconfig = await installAdmission(plane)
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
    t.strictSame(new Set(replicas.map(replica => replica.trusted)), new Set(bundles))

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
    // The API server itself, which is no simulation: it calls the servers for each Service that is created.
    await routeTo(plane, [first.port, second.port])
    await using creations = SteadyCreations.start(plane.client, 50)
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
    const created = await creations.end()
    t.strictSame(created.failures, [])
    t.ok(created.count > 50, `${created.count} Services`)
    t.comment(
      `${answers} answers, ${connections.kept} kept, ${connections.fresh} fresh, ${created.count} created`,
    )
    for (const server of [first, second]) t.ok(server.reviews > 20, `${server.reviews} reviews`)
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

  await t.test('a Secret that somebody breaks or deletes is made anew, and trusted', async t => {
    await using f = await open('f')
    await using g = await open('g')
    for (const change of ['edited', 'without a leaf', 'deleted'] as const) {
      const before = f.current().cert
      if (change === 'deleted') await plane.client.delete(secretPath)
      else {
        const data = {
          'tls.crt': asData('x'),
          ...(change === 'edited' && { 'ca.crt': asData('x') }),
        }
        await plane.client.send('PATCH', secretPath, { data })
      }
      await until('both serve another one', () =>
        [f, g].every(
          one => one.current().cert !== before && one.current().cert === f.current().cert,
        ),
      )
      await bundlesBecome(plane, bundles =>
        bundles.every(
          // Clients cannot read anything else: it must not be there for a moment.
          bundle => isTrusted(f.current().cert, bundle),
        ),
      )
      t.pass(change)
    }
    const complaints = lines.splice(0).filter(line => line.startsWith('Cannot'))
    t.ok(complaints.length > 0)
    for (const line of complaints)
      t.match(
        line,
        /^Cannot serve .* "signpost\/signpost-admission-tls": the certificate is no PEM/,
      )
  })

  await t.test('a right that is missing is said once, and what there is is served', async t => {
    lines.length = 0
    const role = '/apis/rbac.authorization.k8s.io/v1/clusterroles/signpost-admission'
    await plane.client.send('PATCH', role, { rules: [] })
    await using replica = await open('h')
    await until('it says so', () => lines.some(line => line.startsWith('Cannot')))
    await until('it leads', () => replica.isLeader)
    const complaints = lines.filter(line => line.startsWith('Cannot'))
    t.equal(complaints.length, 1)
    t.match(
      complaints[0],
      /^Cannot get "mutatingwebhookconfigurations.admissionregistration.k8s.io" at "https:[^"]+": .* cannot get resource/,
    )
    t.ok(replica.notAfterMs > Date.now())
  })
})

const secretPath = `/api/v1/namespaces/${namespace}/secrets/signpost-admission-tls`

function whyNot(): string | undefined {
  return whyNoControlPlane() ?? (ownAddress ? undefined : 'NO ADDRESS BUT LOOPBACK')
}

function isTrusted(cert: string, bundle: string): boolean {
  const leaf = new X509Certificate(cert)
  return leaf.verify(new X509Certificate(bundle).publicKey)
}

function certificatesIn(bundle: string): number {
  return bundle.split('-----BEGIN CERTIFICATE-----').length - 1
}

/** The API server then finds the servers by these, without a kube-proxy, and fails where they do not answer. */
async function routeTo({ client }: ControlPlane, ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    await client.send('POST', `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: `replica-${port}`,
        labels: { 'kubernetes.io/service-name': 'signpost-admission' },
      },
      addressType: 'IPv4',
      ports: [{ name: 'https', port, protocol: 'TCP' }],
      endpoints: [{ addresses: [ownAddress], conditions: { ready: true } }],
    })
  }
  const path =
    '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/signpost-services'
  const found = (await client.send('GET', path)) as { webhooks: object[] }
  const webhooks = found.webhooks.map(webhook => ({ ...webhook, failurePolicy: 'Fail' }))
  await client.send('PATCH', path, { webhooks })
}
