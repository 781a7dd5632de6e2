/** What `manifests/admission` amounts to, where kubectl is there to say it. */
import { readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import t from 'tap'
import manifest from '../../package.json' with { type: 'json' }
import { type RawObject, rawArray, rawStrings } from '../../src/objects/raw-value.ts'
import { at, kubectl, Rendered } from './rendered.ts'

const isMissing = kubectl === undefined
const template = 'spec.template.spec'
const container = `${template}.containers.0`
const name = 'signpost-admission'

/** `list watch services`, with the names where not all are meant. */
function rightsIn(role: unknown): string[] {
  return rawArray(at(role, 'rules')).flatMap(rule =>
    rawStrings(at(rule, 'resources')).map(resource => {
      const names = rawStrings(at(rule, 'resourceNames')).map(text => `=${text}`)
      return [...rawStrings(at(rule, 'verbs')), resource, ...names].join(' ')
    }),
  )
}

const reading = [
  'list watch services',
  'list watch namespaces',
  'list watch servicecidrs',
  'list watch ipaddresses',
]
const patching = 'get patch mutatingwebhookconfigurations =signpost-services =signpost-pods'
const own = [
  'list watch endpointslices',
  'list watch update secrets =signpost-admission-tls',
  'get update patch leases =signpost-admission',
  'create secrets',
  'create leases',
]
const configMaps = ['get update delete configmaps =signpost-service-variables', 'create configmaps']

const variants = {
  admission: { cluster: [...reading, patching], own, args: ['webhook', 'serve'] },
  'admission-configmaps': {
    cluster: [...reading, patching, ...configMaps],
    own,
    args: ['webhook', 'serve', '--config-maps'],
  },
  'admission-cert-manager': {
    cluster: reading,
    own: ['list watch endpointslices', 'list watch secrets =signpost-admission-tls'],
    args: ['webhook', 'serve', '--cert-secret=signpost-admission-tls'],
  },
} as const

for (const [folder, expected] of Object.entries(variants)) {
  t.test(`manifests/${folder}`, { skip: isMissing }, async t => {
    const rendered = new Rendered(`manifests/${folder}`)
    const deployment = rendered.the('Deployment')

    await t.test('has the rights that it needs, and no others', async t => {
      t.strictSame(rightsIn(rendered.the('ClusterRole')), expected.cluster)
      t.strictSame(rightsIn(rendered.the('Role')), expected.own)
      for (const kind of ['ClusterRoleBinding', 'RoleBinding']) {
        t.match(at(rendered.the(kind), 'subjects'), [{ name, namespace: 'signpost' }])
        t.match(at(rendered.the(kind), 'roleRef'), { kind: kind.replace('Binding', ''), name })
      }
      t.equal(at(rendered.the('ServiceAccount'), 'metadata.name'), name)
      t.equal(at(deployment, `${template}.serviceAccountName`), name)
    })

    await t.test('runs the server as nobody in particular', async t => {
      t.equal(at(deployment, `${container}.image`), imageOf(manifest.version))
      t.strictSame(at(deployment, `${container}.args`), expected.args)
      t.equal(at(deployment, 'spec.replicas'), 2)
      t.strictSame(at(deployment, `${container}.securityContext`), {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
      t.match(at(deployment, `${template}.securityContext`), {
        runAsNonRoot: true,
        runAsUser: 65_532,
        seccompProfile: { type: 'RuntimeDefault' },
      })
      t.equal(at(deployment, `${template}.hostNetwork`), undefined)
    })

    await t.test('names ports and labels that there are', async t => {
      const ports = rawArray(at(deployment, `${container}.ports`)).map(port => at(port, 'name'))
      const used = [
        ...rawArray(at(rendered.the('Service'), 'spec.ports')).map(port => at(port, 'targetPort')),
        ...['startup', 'liveness', 'readiness'].map(probe =>
          at(deployment, `${container}.${probe}Probe.httpGet.port`),
        ),
        ...rawArray(at(rendered.the('NetworkPolicy'), 'spec.ingress')).flatMap(rule =>
          rawArray(at(rule, 'ports')).map(port => at(port, 'port')),
        ),
      ]
      for (const port of used) t.ok(ports.includes(port), String(port))
      const labels = at(deployment, 'spec.template.metadata.labels')
      for (const [kind, path] of [
        ['Service', 'spec.selector'],
        ['Deployment', 'spec.selector.matchLabels'],
        ['PodDisruptionBudget', 'spec.selector.matchLabels'],
        ['NetworkPolicy', 'spec.podSelector.matchLabels'],
      ] as const) {
        t.match(labels, at(rendered.the(kind), path)!, kind)
      }
    })

    await t.test('has webhooks without which the cluster goes on', async t => {
      const webhooks = webhooksOf(rendered)
      t.strictSame(
        webhooks.map(webhook => at(webhook, 'name')),
        ['services.signpost.dev', 'pods.signpost.dev'],
      )
      for (const webhook of webhooks) {
        t.match(webhook, {
          failurePolicy: 'Ignore',
          timeoutSeconds: 2,
          matchPolicy: 'Equivalent',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
        })
        t.match(at(webhook, 'clientConfig.service'), { name, namespace: 'signpost', port: 443 })
        t.equal(at(webhook, 'clientConfig.caBundle'), undefined, 'what is written is left alone')
        const [namespaces] = rawArray(at(webhook, 'namespaceSelector.matchExpressions'))
        t.strictSame(at(namespaces, 'values'), ['kube-system', 'kube-node-lease', 'signpost'])
        t.match(at(webhook, 'objectSelector.matchExpressions'), [{ operator: 'NotIn' }])
      }
      const [services, pods] = webhooks
      t.equal(at(services, 'reinvocationPolicy'), 'Never')
      t.equal(at(services, 'clientConfig.service.path'), '/services')
      t.strictSame(rulesOf(services), ['CREATE UPDATE services'])
      t.equal(at(pods, 'reinvocationPolicy'), 'IfNeeded')
      t.equal(at(pods, 'clientConfig.service.path'), '/pods')
      t.strictSame(rulesOf(pods), ['CREATE pods', 'UPDATE pods/ephemeralcontainers'])
    })
  })
}

t.test('cert-manager is told whose caBundle it looks after', { skip: isMissing }, async t => {
  const rendered = new Rendered('manifests/admission-cert-manager')
  const annotation = { 'cert-manager.io/inject-ca-from': 'signpost/signpost-admission' }
  for (const configuration of configurationsOf(rendered))
    t.match(at(configuration, 'metadata.annotations'), annotation)
  const certificates = rendered.objects.filter(({ kind }) => kind === 'Certificate')
  t.strictSame(
    certificates.map(one => at(one, 'metadata.name')),
    ['signpost-admission', 'signpost-admission-ca'],
  )
  t.equal(at(certificates[0], 'spec.secretName'), 'signpost-admission-tls')
})

t.test('the overlay of docs/admission.md, with a component', { skip: isMissing }, async t => {
  const root = realpathSync(t.testdir({}))
  const [, text] = /^```yaml\n([^]*?)^```$/m.exec(readFileSync('docs/admission.md', 'utf8'))!
  const manifests = relative(root, realpathSync('manifests'))
  const components = `components: [${manifests}/components/user-addresses]\n`
  writeFileSync(
    join(root, 'kustomization.yaml'),
    text!.replaceAll('../manifests', manifests) + components,
  )
  const [services, pods] = webhooksOf(new Rendered(root))
  for (const webhook of [services, pods]) {
    t.match(at(webhook, 'namespaceSelector.matchExpressions.1'), { values: ['trial'] })
  }
  const expression = String(at(services, 'matchConditions.0.expression'))
  t.notMatch(expression, 'clusterIP')
})

function configurationsOf({ objects }: Rendered): RawObject[] {
  const found = objects.filter(({ kind }) => kind === 'MutatingWebhookConfiguration')
  return found.sort((a, b) => (textOf(a) < textOf(b) ? 1 : -1))
}

/** Of Services first. */
function webhooksOf(rendered: Rendered): unknown[] {
  return configurationsOf(rendered).flatMap(one => rawArray(one['webhooks']))
}

function textOf(object: RawObject): string {
  return String(at(object, 'metadata.name'))
}

/** `CREATE UPDATE services` */
function rulesOf(webhook: unknown): string[] {
  return rawArray(at(webhook, 'rules')).map(rule =>
    [...rawStrings(at(rule, 'operations')), ...rawStrings(at(rule, 'resources'))].join(' '),
  )
}

function imageOf(version: string): string {
  return `localhost/signpost:${version}-unprivileged`
}
