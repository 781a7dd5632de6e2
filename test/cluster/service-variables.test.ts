/** What the injector writes, given to a real API server. */
import t from 'tap'
import type { ConfigMapClient } from '../../src/admission/config-map-client.ts'
import {
  variablesConfigMapData,
  variablesConfigMapName,
} from '../../src/admission/variables-config-map.ts'
import { VariablesConfigMaps } from '../../src/admission/variables-config-maps.ts'
import type { ApiObject } from '../../src/reflector/reflector-sink.ts'
import { rawArray, rawObject, type RawObject } from '../../src/objects/raw-value.ts'
import { runHere } from '../support/cli-run.ts'
import type { ClusterClient } from '../support/cluster-client.ts'
import { whyNoControlPlane } from '../support/control-plane-assets.ts'
import { ControlPlane } from '../support/control-plane.ts'
import { applyPatch } from '../support/json-patch.ts'
import { clusterOf, master, podRequest, reviewPod, serviceOf } from '../support/pod-review-run.ts'

type ConfigMapAnswer = Awaited<ReturnType<ConfigMapClient['get']>>

const services = [
  master,
  ...['web 10.96.0.20 http:80', '3scale 10.96.0.21 80', 'foo 10.96.0.22 53/UDP'].map(
    line => `default/${line}`,
  ),
].map(serviceOf)
const pods = '/api/v1/namespaces/default/pods'
const configMaps = '/api/v1/namespaces/default/configmaps'

/** A pod as the API server wants it, and as the review leaves it. */
function injected(pod: RawObject, oldObject?: RawObject): RawObject {
  const more = oldObject && {
    operation: 'UPDATE' as const,
    subresource: 'ephemeralcontainers',
    oldObject,
  }
  const request = podRequest(pod, { namespace: 'default', ...more })
  return applyPatch(pod, reviewPod(request, { services }).patch)
}

function podOf(name: string, annotations: object): RawObject {
  const app = { name: 'app', image: 'none', env: [{ name: 'URL', value: '$(WEB_PORT)' }] }
  const init = { ...app, name: 'init', envFrom: [{ prefix: 'A_', secretRef: { name: 's' } }] }
  const sidecar = { name: 'sidecar', image: 'none', restartPolicy: 'Always' }
  const spec = { initContainers: [init, sidecar], containers: [app] }
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, annotations }, spec }
}

/** The fields that the review writes, of every container. */
function written(pod: unknown): unknown {
  const spec = rawObject(rawObject(pod)['spec'])
  const fields = ['initContainers', 'containers', 'ephemeralContainers']
  return fields
    .flatMap(field => rawArray(spec[field]))
    .map(rawObject)
    .map(({ name, env, envFrom }) => ({ name, env, envFrom }))
}

function configMapClient(client: ClusterClient): ConfigMapClient {
  const send = async (method: string, path: string, body?: object): Promise<ConfigMapAnswer> => {
    try {
      return { outcome: 'done', object: (await client.send(method, path, body)) as ApiObject }
    } catch (error) {
      const { cause } = error as Error
      if (cause === 404 || cause === 409) return { outcome: cause === 404 ? 'missing' : 'conflict' }
      throw error
    }
  }
  const at = (namespace: string): string => `/api/v1/namespaces/${namespace}/configmaps`
  return {
    get: ({ namespace, name }) => send('GET', `${at(namespace)}/${name}`),
    create: ({ namespace, name }, body) =>
      send('POST', at(namespace), { ...body, metadata: { ...body.metadata, name } }),
    replace: ({ namespace, name }, body) => send('PUT', `${at(namespace)}/${name}`, body),
    delete: async ({ namespace, name }, preconditions) =>
      (await send('DELETE', `${at(namespace)}/${name}`, { preconditions })).outcome,
  }
}

t.test('service variables', { skip: whyNoControlPlane() ?? false }, async t => {
  await using plane = await ControlPlane.start()
  const { client } = plane

  const choices = {
    env: {},
    'no-links': { 'signpost.dev/services': 'foo', 'signpost.dev/enable-service-links': 'false' },
    configmap: { 'signpost.dev/inject': 'configmap' },
  }
  for (const [name, annotations] of Object.entries(choices)) {
    await t.test(`a Pod with variables is taken as it is: ${name}`, async t => {
      const pod = injected(podOf(name, annotations))
      const stored = await client.send('POST', pods, pod)
      t.strictSame(written(stored), written(pod))
      const links = rawObject(rawObject(stored)['spec'])['enableServiceLinks']
      t.equal(links, name !== 'no-links')

      const debug = { name: 'debug', image: 'none' }
      const before = rawObject(await client.send('GET', `${pods}/${name}`))
      const spec = { ...rawObject(before['spec']), ephemeralContainers: [debug] }
      const after = injected({ ...before, spec }, before)
      const debugged = await client.send('PUT', `${pods}/${name}/ephemeralcontainers`, after)
      t.strictSame(written(debugged), written(after))
      t.match(
        JSON.stringify(rawObject(rawObject(debugged)['spec'])['ephemeralContainers']),
        /FOO_|Ref/,
      )
    })
  }

  await t.test('a full ConfigMap is taken', async t => {
    const many = Array.from({ length: 6000 }, (_, index) =>
      serviceOf(`default/s-${index} 10.0.0.1 80`),
    )
    const { data, leftOut } = variablesConfigMapData([...services, ...many], 'default')
    t.ok(leftOut.length > 0)
    const metadata = { name: 'full' }
    await client.send('POST', configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data })
    const stored = rawObject(await client.send('GET', `${configMaps}/full`))
    t.strictSame(stored['data'], data)
  })

  await t.test('three replicas keep one ConfigMap', async t => {
    const failures: string[] = []
    let present = services
    const open = (): VariablesConfigMaps =>
      new VariablesConfigMaps({
        cluster: { services: namespace => clusterOf(present).services(namespace) },
        client: configMapClient(client),
        logger: { info: () => {}, warn: text => failures.push(text), error: () => {} },
        pause: (_ms, signal) => Promise.resolve(signal.throwIfAborted()),
      })
    const replicas = [open(), open(), open()] as const
    for (const each of replicas) each.keep('default')
    await Promise.all(replicas.map(each => each.settled()))
    for (let port = 1; port <= 10; port++) {
      present = [...services, serviceOf(`default/changing 10.96.0.30 ${port}`)]
      for (const each of replicas) each.servicesChanged(['default'])
    }
    await Promise.all(replicas.map(each => each.settled()))
    const path = `${configMaps}/${variablesConfigMapName}`
    const { data } = rawObject(await client.send('GET', path))
    const wanted = variablesConfigMapData(present, 'default')
    t.strictSame(data, wanted.data)
    t.equal(wanted.data['CHANGING_SERVICE_PORT'], '10')
    t.strictSame(failures, [])
    await Promise.all(replicas.map(each => each.remove('default')))
    await t.rejects(client.send('GET', path), /404/)
    for (const each of replicas) await each[Symbol.asyncDispose]()
  })

  await t.test('inject asks a real cluster', async t => {
    const input = JSON.stringify(podOf('from-cluster', {}))
    const kubeconfig = await plane.kubeconfig('coredns')
    const run = await runHere(['inject', '-f', '-', '--kubeconfig', kubeconfig], { input })
    t.equal(run.err, '')
    t.match(run.out, /name: KUBERNETES_SERVICE_HOST\n\s+value: 10\.96\.0\.1\n/)
    t.equal(run.code, 0)
  })
})
