/** What the injector writes against what a kubelet would have set, by two implementations of its rules. */
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import t from 'tap'
import {
  variablesConfigMapData,
  variablesConfigMapName,
} from '../src/admission/variables-config-map.ts'
import { serviceVariables } from '../src/environment/service-variables.ts'
import { rawArray, rawObject, type RawObject, rawString } from '../src/objects/raw-value.ts'
import { reduceService } from '../src/objects/service.ts'
import { applyPatch } from './support/json-patch.ts'
import {
  type ApiService,
  containerEnvironment,
  type Environment,
  expandReferences,
  kubeletServiceEnvironment,
} from './support/kubelet-environment.ts'
import { podRequest, reviewPod } from './support/pod-review-run.ts'

const namespaces = 200

/** Names that collide in their variables, and others. */
const serviceName = fc.oneof(
  fc.constantFrom('foo', 'foo-service', 'foo-service-port', 'foo-port-80-tcp', 'kubernetes'),
  fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?$/),
)
const portName = fc.option(fc.constantFrom('http', '80-tcp', 'host', 'port', 'dns-udp'), {
  nil: undefined,
})
const ports = fc.uniqueArray(
  fc.record({
    name: portName,
    port: fc.oneof(fc.constantFrom(80, 53), fc.integer({ min: 1, max: 65_535 })),
    protocol: fc.constantFrom('TCP', 'UDP', 'SCTP', undefined),
  }),
  {
    minLength: 1,
    maxLength: 4,
    comparator: (a, b) =>
      (a.name !== undefined && a.name === b.name) ||
      (a.port === b.port && (a.protocol ?? 'TCP') === (b.protocol ?? 'TCP')),
  },
)
const clusterIP = fc.oneof(
  { weight: 4, arbitrary: fc.ipV4() },
  { weight: 3, arbitrary: fc.constantFrom('fd00::1', '2001:db8::a:b') },
  fc.constantFrom('None', ''),
)
const apiServices = fc.uniqueArray(
  fc.record({
    metadata: fc.record({
      namespace: fc.constantFrom('shop', 'shop', 'shop', 'default', 'other'),
      name: serviceName,
    }),
    spec: fc.record({ clusterIP, ports }),
  }),
  { maxLength: 30, selector: ({ metadata }) => `${metadata.namespace}/${metadata.name}` },
) as fc.Arbitrary<ApiService[]>

const someEntries = [
  { name: 'URL', value: 'http://$(FOO_SERVICE_HOST):$(FOO_SERVICE_PORT)/$$(FOO_PORT)/$(NONE)' },
  { name: 'FOO_PORT', value: '8080' },
  { name: 'KUBERNETES_SERVICE_HOST', value: 'proxy.example' },
  { name: 'AFTER', value: '$(FOO_PORT) $(URL)' },
  { name: 'FOO_SERVICE_HOST', value: '' },
]
const container = fc.record({
  name: fc.constant('app'),
  env: fc.option(fc.subarray(someEntries), { nil: undefined }),
  envFrom: fc.constantFrom(undefined, [{ configMapRef: { name: 'settings' } }]),
})
const pod = fc.record({
  metadata: fc.record({
    annotations: fc.constantFrom({}, { 'signpost.dev/inject': 'configmap' }),
  }),
  spec: fc.record({
    enableServiceLinks: fc.constantFrom(true, true, false),
    initContainers: fc.array(container, { maxLength: 2 }),
    containers: fc.array(container, { minLength: 1, maxLength: 2 }),
  }),
})

const settings = { settings: { FOO_PORT: '1234', FOO_SERVICE_HOST: 'settings.example' } }

function containersOf(object: RawObject): RawObject[] {
  const spec = rawObject(object['spec'])
  return [...rawArray(spec['initContainers']), ...rawArray(spec['containers'])].map(rawObject)
}

t.test(`the variables of ${namespaces} namespaces are, as a map, those of the kubelet`, async t => {
  fc.assert(
    fc.property(apiServices, fc.boolean(), (services, enableServiceLinks) => {
      const links = { namespace: 'shop', enableServiceLinks }
      const reduced = services.map(each => reduceService(each as unknown as RawObject))
      const { variables } = serviceVariables(reduced, links)
      const found = Object.fromEntries(variables.map(({ name, value }) => [name, value]))
      t.strictSame(found, kubeletServiceEnvironment(services, links))
    }),
    { numRuns: namespaces },
  )
})

t.test(
  `containers in ${namespaces} namespaces start with what they would have without`,
  async t => {
    fc.assert(
      fc.property(apiServices, pod, (services, object) => {
        const reduced = services.map(each => reduceService(each as unknown as RawObject))
        const { enableServiceLinks } = object.spec
        const isConfigMapMode = 'signpost.dev/inject' in object.metadata.annotations
        // In ConfigMap mode a pod has the links whether or not the kubelet would give it any.
        fc.pre(!isConfigMapMode || enableServiceLinks)
        const kubelet = kubeletServiceEnvironment(services, {
          namespace: 'shop',
          enableServiceLinks,
        })
        const maps = {
          ...settings,
          [variablesConfigMapName]: variablesConfigMapData(reduced, 'shop').data,
        }
        const request = podRequest(object)
        const injected = applyPatch(
          request.object!,
          reviewPod(request, { services: reduced }).patch,
        )
        const start = (each: RawObject, from: Environment): Environment =>
          containerEnvironment(each, from, maps)
        t.strictSame(
          containersOf(injected).map(each => start(each, kubelet)),
          containersOf(request.object!).map(each => start(each, kubelet)),
        )
        for (const each of containersOf(injected)) {
          const leaves = !isConfigMapMode && rawArray(each['envFrom']).length > 0
          // All of it is written down: without a kubelet's links nothing is missing.
          if (!leaves)
            t.strictSame(
              Object.keys(start(each, {})).sort(),
              Object.keys(start(each, kubelet)).sort(),
            )
        }
        t.strictSame(reviewPod({ ...request, object: injected }, { services: reduced }).patch, [])
      }),
      { numRuns: namespaces },
    )
  },
)

t.test('a shell has the variables, and references in env, command and args resolve', async t => {
  const services: ApiService[] = [
    {
      metadata: { namespace: 'default', name: 'kubernetes' },
      spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443 }] },
    },
    {
      metadata: { namespace: 'shop', name: 'web' },
      spec: { clusterIP: 'fd00::1', ports: [{ port: 80 }] },
    },
    {
      metadata: { namespace: 'production', name: 'db' },
      spec: { clusterIP: '10.0.0.2', ports: [{ port: 5432 }] },
    },
  ]
  const object = {
    metadata: {
      annotations: {
        'signpost.dev/services': 'web, db.production',
        'signpost.dev/enable-service-links': 'false',
      },
    },
    spec: {
      containers: [
        {
          name: 'app',
          command: ['sh', '-c', 'echo "$URL $0 $1 $WEB_PORT_80_TCP_ADDR ${WEB_PORT_80_UDP-unset}"'],
          args: ['$(DB_PORT)', '$$(DB_PORT)'],
          env: [
            { name: 'URL', value: 'http://[$(WEB_SERVICE_HOST)]:$(WEB_SERVICE_PORT)/$(MISSING)' },
          ],
        },
      ],
    },
  }
  const reduced = services.map(each => reduceService(each as unknown as RawObject))
  const injected = applyPatch(object, reviewPod(podRequest(object), { services: reduced }).patch)
  const [app] = containersOf(injected)
  const kubelet = kubeletServiceEnvironment(services, {
    namespace: 'shop',
    enableServiceLinks: false,
  })
  const environment = containerEnvironment(app!, kubelet)
  const [program, ...rest] = [...rawArray(app!['command']), ...rawArray(app!['args'])].map(word =>
    expandReferences(rawString(word), environment),
  )
  const env = { PATH: process.env['PATH'], ...environment }
  t.equal(
    execFileSync(program!, rest, { env, encoding: 'utf8' }),
    'http://[fd00::1]:80/$(MISSING) tcp://10.0.0.2:5432 $(DB_PORT) fd00::1 unset\n',
  )
})
