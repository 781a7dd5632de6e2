import t from 'tap'
import {
  app,
  both,
  checkPodReviews,
  type PodReviewCase,
  withEnvFrom,
} from '../../test/support/pod-review-cases.ts'
import { podRequest, reviewPod } from '../../test/support/pod-review-run.ts'
import { parseKubernetesVersion } from './kubernetes-version.ts'

const debug = { name: 'debug', targetContainerName: 'app' }

const cases: readonly PodReviewCase[] = [
  {
    name: 'a container without env gets all of it',
    patch: { '/spec/containers/0/env': both },
    audit: { 'service-variables': '16', services: '2' },
  },
  {
    name: 'what is injected stands in front, so that entries of the user can refer to it',
    spec: { containers: [{ ...app, env: [{ name: 'URL', value: 'http://$(WEB_SERVICE_HOST)' }] }] },
    patch: { '/spec/containers/0/env': [...both, 'URL'] },
  },
  {
    name: "the user's names stay the user's, KUBERNETES_SERVICE_HOST of platforms among them",
    spec: {
      containers: [
        {
          ...app,
          env: [
            { name: 'KUBERNETES_SERVICE_HOST', value: 'proxy' },
            { name: 'WEB_SERVICE_HOST', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } },
          ],
        },
      ],
    },
    patch: { '/spec/containers/0/env': both },
    audit: { 'service-variables': '14', services: '2' },
  },
  {
    name: 'init containers and sidecars too',
    spec: {
      initContainers: [
        { name: 'init' },
        { name: 'sidecar', restartPolicy: 'Always', env: [{ name: 'A', value: '1' }] },
      ],
      containers: [app],
    },
    patch: {
      '/spec/initContainers/0/env': both,
      '/spec/initContainers/1/env': [...both, 'A'],
      '/spec/containers/0/env': both,
    },
  },
  {
    name: 'enableServiceLinks: false leaves kubernetes',
    spec: { enableServiceLinks: false, containers: [app] },
    patch: { '/spec/containers/0/env': ['KUBERNETES_SERVICE_HOST'] },
  },
  {
    name: 'a container with envFrom is left to the kubelet, the others are not',
    spec: { containers: [withEnvFrom, { name: 'other' }] },
    patch: { '/spec/containers/1/env': both },
    audit: { 'service-variables': '16', services: '2', 'left-to-kubelet': 'app' },
  },
  {
    name: 'all of them',
    spec: { containers: [withEnvFrom] },
    patch: {},
    outcome: 'kubelet',
    audit: { 'left-to-kubelet': 'app' },
  },
  {
    name: 'an empty envFrom is none',
    spec: { containers: [{ ...app, envFrom: [] }] },
    patch: { '/spec/containers/0/env': both },
  },
  {
    name: 'the first ephemeral container',
    spec: { containers: [app], ephemeralContainers: [debug] },
    request: {
      operation: 'UPDATE',
      subresource: 'ephemeralcontainers',
      oldObject: { spec: { containers: [app] } },
    },
    patch: { '/spec/ephemeralContainers/0/env': both },
  },
  {
    name: 'no other UPDATE: env cannot be changed',
    request: { operation: 'UPDATE', oldObject: { spec: { containers: [app] } } },
    patch: {},
    outcome: 'none',
  },
  {
    name: 'no DELETE',
    request: { operation: 'DELETE', object: undefined },
    patch: {},
    outcome: 'none',
  },
  { name: 'no other subresource', request: { subresource: 'binding' }, patch: {}, outcome: 'none' },
  { name: 'no other resource', request: { resource: 'services' }, patch: {}, outcome: 'none' },
  {
    name: 'no mirror pod',
    annotations: { 'kubernetes.io/config.mirror': 'a1b2' },
    patch: {},
    outcome: 'none',
  },
  {
    name: "an API server before 1.32 refuses a leading digit: the kubelet's matter",
    options: { serverVersion: parseKubernetesVersion('v1.31.4-eks-a1b2')! },
    spec: { containers: [app] },
    request: { namespace: 'digits' },
    patch: { '/spec/containers/0/env': ['KUBERNETES_SERVICE_HOST'] },
    warnings: ['service "3scale": not injected: a leading digit takes Kubernetes 1.32'],
  },
  {
    name: 'a server of which nothing is known yet may be one of these',
    options: { serverVersion: undefined },
    request: { namespace: 'digits' },
    patch: { '/spec/containers/0/env': ['KUBERNETES_SERVICE_HOST'] },
    warnings: ['service "3scale": not injected: a leading digit takes Kubernetes 1.32'],
  },
  {
    name: 'a newer one takes it',
    request: { namespace: 'digits' },
    patch: { '/spec/containers/0/env': ['3SCALE_SERVICE_HOST', 'KUBERNETES_SERVICE_HOST'] },
  },
  {
    name: 'a collision',
    request: { namespace: 'twins' },
    patch: {
      '/spec/containers/0/env': [
        'FOO_SERVICE_HOST',
        'FOO_SERVICE_SERVICE_HOST',
        'KUBERNETES_SERVICE_HOST',
      ],
    },
    warnings: [
      'Cannot set "FOO_SERVICE_PORT" for service "twins/foo-service": held by "twins/foo"',
    ],
  },
]

t.test('podReviewer() decides as the kubelet would', async t => {
  checkPodReviews(t, cases)
})

t.test('podReviewer() asks for a ConfigMap where a pod wants one', async t => {
  const wanted: string[] = []
  const metadata = { annotations: { 'signpost.dev/inject': 'configmap' } }
  const pod = { metadata, spec: { containers: [app] } }
  const onConfigMapWanted = (namespace: string): void => void wanted.push(namespace)
  reviewPod(podRequest(pod, { dryRun: true }), { onConfigMapWanted })
  reviewPod(podRequest({ spec: { containers: [app] } }), { onConfigMapWanted })
  t.strictSame(wanted, [])
  reviewPod(podRequest(pod), { onConfigMapWanted })
  t.strictSame(wanted, ['shop'])
})

t.test('podReviewer() keeps warnings within what the API server passes on', async t => {
  const chosen = Array.from({ length: 40 }, (_, index) => `${index}${'ä'.repeat(100)}`)
  const metadata = { annotations: { 'signpost.dev/services': chosen.join(',') } }
  const { warnings } = reviewPod(podRequest({ metadata, spec: { containers: [app] } }))
  t.equal(warnings.length, 16)
  t.ok(warnings.every(line => /^[\x20-\x7e]{1,120}$/.test(line)))
  t.equal(warnings.at(-1), 'and 25 more warnings like these')
})
