/** What `manifests/` amounts to, where kubectl is there to say it. */
import { readFileSync, realpathSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import t from 'tap'
import manifest from '../../package.json' with { type: 'json' }
import { listEndpoints, listServices } from '../../src/app/listings.ts'
import { loadCluster } from '../../src/app/load-cluster.ts'
import { loadCorefile } from '../../src/app/corefile-loader.ts'
import { planServing } from '../../src/app/serving-plan.ts'
import { parseCidr } from '../../src/lib/cidr.ts'
import { rawArray, rawStrings } from '../../src/objects/raw-value.ts'
import { health } from '../../src/plugins/health/health.ts'
import { at, kubectl, Rendered } from './rendered.ts'

const isMissing = kubectl === undefined
if (isMissing) t.comment('MANIFESTS WERE NOT RENDERED: no kubectl in KUBEBUILDER_ASSETS')

const image = `localhost/signpost:${manifest.version}`
const template = 'spec.template.spec'
const container = `${template}.containers.0`

/** Stand-alone ones: what differs between them. */
const variants = {
  dns: { image, port: 53, added: ['NET_BIND_SERVICE'], readable: ['services', 'namespaces'] },
  'dns-unprivileged': {
    image: `${image}-unprivileged`,
    port: 1053,
    added: undefined,
    readable: ['services', 'namespaces'],
  },
  'dns-verified-pods': {
    image,
    port: 53,
    added: ['NET_BIND_SERVICE'],
    readable: ['services', 'namespaces', 'pods'],
  },
} as const

for (const [folder, expected] of Object.entries(variants)) {
  t.test(`manifests/${folder}`, { skip: isMissing }, async t => {
    const rendered = new Rendered(`manifests/${folder}`)
    const deployment = rendered.the('Deployment')
    const ports = rawArray(at(deployment, `${container}.ports`))

    await t.test('runs the image with no more rights than it needs', async t => {
      t.equal(at(deployment, `${container}.image`), expected.image)
      t.strictSame(at(deployment, `${container}.securityContext`), {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'], ...(expected.added && { add: expected.added }) },
      })
      t.strictSame(at(deployment, `${template}.securityContext`), {
        runAsNonRoot: true,
        runAsUser: 65_532,
        runAsGroup: 65_532,
        seccompProfile: { type: 'RuntimeDefault' },
      })
      const rights = rawArray(at(rendered.the('ClusterRole'), 'rules')).flatMap(rule =>
        rawStrings(at(rule, 'resources')).map(resource =>
          [...rawStrings(at(rule, 'verbs')), ...rawStrings(at(rule, 'apiGroups')), resource].join(
            ' ',
          ),
        ),
      )
      t.strictSame(
        new Set(rights),
        new Set([
          'list watch discovery.k8s.io endpointslices',
          ...expected.readable.map(resource => `list watch  ${resource}`),
        ]),
      )
    })

    await t.test('names ports, labels and objects that there are', async t => {
      const names = ports.map(port => textOf(port, 'name'))
      t.equal(new Set(names).size, names.length)
      const servicePorts = rawArray(at(rendered.the('Service'), 'spec.ports'))
      const policyPorts = rawArray(at(rendered.the('NetworkPolicy'), 'spec.ingress')).flatMap(
        rule => rawArray(at(rule, 'ports')),
      )
      for (const port of servicePorts) {
        t.ok(names.includes(textOf(port, 'targetPort')), 'Service')
      }
      for (const port of policyPorts) {
        t.ok(names.includes(textOf(port, 'port')), 'NetworkPolicy')
      }
      for (const probe of ['startup', 'liveness', 'readiness']) {
        const name = at(deployment, `${container}.${probe}Probe.httpGet.port`)
        t.ok(names.includes(`${String(name)} TCP`), probe)
      }
      const labels = at(deployment, 'spec.template.metadata.labels')
      const selectors = {
        Service: at(rendered.the('Service'), 'spec.selector'),
        Deployment: at(deployment, 'spec.selector.matchLabels'),
        'budget of disruptions': at(
          rendered.the('PodDisruptionBudget'),
          'spec.selector.matchLabels',
        ),
        policy: at(rendered.the('NetworkPolicy'), 'spec.podSelector.matchLabels'),
        spread: at(deployment, `${template}.topologySpreadConstraints.0.labelSelector.matchLabels`),
      }
      for (const [name, selector] of Object.entries(selectors)) t.match(labels, selector!, name)
      const account = at(rendered.the('ServiceAccount'), 'metadata.name')
      t.equal(at(deployment, `${template}.serviceAccountName`), account)
      t.equal(at(rendered.the('ClusterRoleBinding'), 'subjects.0.name'), account)
      const configMap = at(rendered.the('ConfigMap'), 'metadata.name')
      t.equal(at(deployment, `${template}.volumes.0.configMap.name`), configMap)
    })

    await t.test('has a Corefile that fits its Deployment', async t => {
      const [, path, , port] = rawArray(at(deployment, `${container}.args`))
      t.equal(path, `${String(at(deployment, `${container}.volumeMounts.0.mountPath`))}/Corefile`)
      const text = String(at(rendered.the('ConfigMap'), 'data.Corefile'))
      const defaultPort = port === undefined ? {} : { defaultPort: Number(port) }
      const plan = planServing(loadCorefile({ path: 'Corefile', text }, defaultPort).corefile)
      const asked = new Set(plan.listeners.map(({ binding }) => binding.port))
      t.strictSame([...asked], [expected.port])
      const [udp, tcp] = ports.map(one => at(one, 'containerPort'))
      t.strictSame([udp, tcp], [expected.port, expected.port])
      const graceMs = Number(at(deployment, `${template}.terminationGracePeriodSeconds`)) * 1000
      t.ok(plan.settingsOf(health)[0]!.lameduckMs + 10_000 < graceMs)
      t.equal(
        plan.cluster.kubernetes?.pods,
        folder === 'dns-verified-pods' ? 'verified' : 'insecure',
      )
    })

    await t.test('is read by Signpost itself', async t => {
      const root = await mkdtemp(join(tmpdir(), 'signpost-'))
      t.teardown(() => rm(root, { recursive: true }))
      await writeFile(join(root, 'rendered.yaml'), rendered.text)
      const cluster = await loadCluster({
        source: {
          manifests: root,
          serviceCidrs: [parseCidr('10.96.0.0/16')!],
          podCidrs: [parseCidr('10.244.0.0/16')!],
          workloads: 'run',
        },
        zone: 'cluster.local',
        pods: 'insecure',
        ttlSeconds: 5,
      })
      t.strictSame([...cluster.errors, ...cluster.warnings], [])
      const [service] = listServices(cluster, 'signpost').rows
      t.match(
        service!.join(' '),
        /^signpost signpost-dns ClusterIP \S+ 53\/UDP,53\/TCP,9153\/TCP 2$/,
      )
      t.match(listEndpoints(cluster, 'signpost').rows[0]![4], `dns:${expected.port}`)
    })
  })
}

t.test('manifests/dropin changes the image and nothing else', { skip: isMissing }, async t => {
  t.strictSame(new Rendered('manifests/dropin').objects, [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'coredns', namespace: 'kube-system' },
      spec: { template: { spec: { containers: [{ name: 'coredns', image }] } } },
    },
  ])
})

t.test('the overlay of manifests/README.md', { skip: isMissing }, async t => {
  const root = await mkdtemp(join(tmpdir(), 'signpost-'))
  t.teardown(() => rm(root, { recursive: true }))
  const [, text] = /^```yaml\n([^]*?)^```$/m.exec(readFileSync('manifests/README.md', 'utf8'))!
  const manifests = relative(realpathSync(root), realpathSync('manifests'))
  await writeFile(join(root, 'kustomization.yaml'), text!.replaceAll('../manifests', manifests))
  await writeFile(join(root, 'Corefile'), '. {\n  forward . 192.0.2.53\n}\n')
  const rendered = new Rendered(root)
  const deployed = 'registry.example.org/signpost:0.1.0-unprivileged'
  t.equal(at(rendered.the('Deployment'), `${container}.image`), deployed)
  t.equal(at(rendered.the('Deployment'), `${container}.ports.0.containerPort`), 1053)
  t.equal(at(rendered.the('Service'), 'spec.clusterIP'), '10.96.0.10')
  t.match(at(rendered.the('ConfigMap'), 'data.Corefile'), '192.0.2.53')
})

t.test('the Corefile of verified pods differs in that alone', async t => {
  const plain = readFileSync('manifests/dns/Corefile', 'utf8')
  const verified = readFileSync('manifests/components/verified-pods/Corefile', 'utf8')
  t.equal(verified, plain.replace('pods insecure', 'pods verified'))
})

/** `dns UDP`, with the port as `key` has it. */
function textOf(port: unknown, key: string): string {
  return `${String(at(port, key))} ${String(at(port, 'protocol'))}`
}
