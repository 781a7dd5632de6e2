import t from 'tap'
import {
  app,
  both,
  checkPodReviews,
  type PodReviewCase,
  withEnvFrom,
} from '../../test/support/pod-review-cases.ts'

const configMap = 'signpost-service-variables?'
const debug = { name: 'debug', targetContainerName: 'app' }

const cases: readonly PodReviewCase[] = [
  {
    name: 'opt-out by annotation',
    annotations: { 'signpost.dev/inject': 'false' },
    patch: {},
    outcome: 'opted-out',
  },
  {
    name: 'opt-out by label, whatever the annotation says',
    annotations: { 'signpost.dev/inject': 'env' },
    labels: { 'signpost.dev/inject': 'false' },
    patch: {},
    outcome: 'opted-out',
  },
  {
    name: 'a mode that there is not',
    annotations: { 'signpost.dev/inject': 'maybe' },
    patch: { '/spec/containers/0/env': both },
    warnings: ['annotation signpost.dev/inject: expected env or configmap or false, got "maybe"'],
  },
  {
    name: 'chosen Services, of other namespaces too; the kubelet adds the rest',
    annotations: { 'signpost.dev/services': 'db.production' },
    patch: { '/spec/containers/0/env': ['DB_SERVICE_HOST', 'KUBERNETES_SERVICE_HOST'] },
    audit: { 'service-variables': '15', services: '2' },
  },
  {
    name: 'chosen Services and none from the kubelet',
    annotations: {
      'signpost.dev/services': 'web, db.production',
      'signpost.dev/enable-service-links': 'false',
    },
    patch: {
      '/spec/containers/0/env': ['DB_SERVICE_HOST', ...both],
      '/spec/enableServiceLinks': false,
    },
  },
  {
    name: 'no links alone: kubernetes',
    annotations: { 'signpost.dev/enable-service-links': 'false' },
    patch: {
      '/spec/containers/0/env': ['KUBERNETES_SERVICE_HOST'],
      '/spec/enableServiceLinks': false,
    },
  },
  {
    name: 'no links, said twice',
    annotations: { 'signpost.dev/enable-service-links': 'false' },
    spec: { enableServiceLinks: false, containers: [withEnvFrom] },
    patch: {},
    outcome: 'kubelet',
  },
  {
    name: 'choices that cannot be had',
    annotations: { 'signpost.dev/services': 'web,x_y,none,a.b.c' },
    patch: { '/spec/containers/0/env': both },
    warnings: [
      'annotation signpost.dev/services: expected names such as web or db.production, got "x_y"',
      'annotation signpost.dev/services: expected names such as web or db.production, got "a.b.c"',
      'annotation signpost.dev/services: service "shop/none" is not there',
    ],
  },
  {
    name: 'a choice for a container with envFrom',
    annotations: { 'signpost.dev/services': 'web' },
    spec: { containers: [withEnvFrom] },
    patch: {},
    outcome: 'kubelet',
    warnings: [
      'container "app" is left to the kubelet, without the choice of signpost.dev/services',
    ],
  },
  {
    name: 'ConfigMap mode is the first of envFrom',
    annotations: { 'signpost.dev/inject': 'configmap' },
    spec: { initContainers: [{ name: 'init' }], containers: [withEnvFrom] },
    patch: {
      '/spec/initContainers/0/envFrom': [configMap],
      '/spec/containers/0/envFrom': [configMap, 'settings'],
    },
    outcome: 'configmap',
    audit: { 'config-map': 'signpost-service-variables' },
  },
  {
    name: 'ConfigMap mode in place of the links',
    annotations: {
      'signpost.dev/inject': 'configmap',
      'signpost.dev/enable-service-links': 'false',
      'signpost.dev/services': 'web',
    },
    patch: { '/spec/containers/0/envFrom': [configMap], '/spec/enableServiceLinks': false },
    outcome: 'configmap',
    warnings: ['annotation signpost.dev/services: not used with signpost.dev/inject: configmap'],
  },
  {
    name: 'of an UPDATE of ephemeral containers the new ones, and nothing else',
    annotations: { 'signpost.dev/enable-service-links': 'false', 'signpost.dev/services': 'web' },
    spec: { containers: [app], ephemeralContainers: [{ name: 'old' }, debug] },
    request: {
      operation: 'UPDATE',
      subresource: 'ephemeralcontainers',
      oldObject: { spec: { ephemeralContainers: [{ name: 'old' }] } },
    },
    patch: { '/spec/ephemeralContainers/1/env': both },
  },
]

t.test('podReviewer() decides as the pod chooses', async t => {
  checkPodReviews(t, cases)
})
