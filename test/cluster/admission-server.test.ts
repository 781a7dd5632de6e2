/** What a real API server makes of the answers: patches, refusals, warnings, being put off, and nobody there. */
import t from 'tap'
import {
  type AdmissionDecision,
  type AdmissionRequest,
  NotNow,
} from '../../src/admission/review.ts'
import { prependShared } from '../../src/admission/shared-list.ts'
import { AskedAdmission, authority, issueServing } from '../support/admission-client.ts'
import { ControlPlane } from '../support/control-plane.ts'
import { whyNoControlPlane } from '../support/control-plane-assets.ts'
import { asData } from '../support/kubeconfig.ts'

const pods = '/api/v1/namespaces/default/pods'
const inherited = [{ name: 'WEB_SERVICE_HOST', value: '10.96.0.1' }]

interface CreatedPod {
  readonly metadata: { readonly name: string }
  readonly spec: { readonly containers: readonly { readonly env?: readonly object[] }[] }
}

function pod(name: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'main', image: 'none' }] },
  }
}

function allow(patch: Extract<AdmissionDecision, { allowed: true }>['patch']): AdmissionDecision {
  return { allowed: true, patch, warnings: ['näh'], audit: { seen: 'yes' }, outcome: 'injected' }
}

t.test('a real API server takes the answers', { skip: whyNoControlPlane() ?? false }, async t => {
  await using plane = await ControlPlane.start()
  const { client } = plane
  const env = prependShared(inherited, [])
  const inject = (): AdmissionDecision =>
    allow([{ op: 'add', path: '/spec/containers/0/env', value: env }])
  let decide: (request: AdmissionRequest) => AdmissionDecision | Promise<AdmissionDecision> = inject
  const asked = await AskedAdmission.open(t, {
    reviewers: new Map([['/pods', request => decide(request)]]),
  })
  const create = async (name: string): Promise<CreatedPod> =>
    (await client.send('POST', pods, pod(name))) as CreatedPod
  const envOf = ({ spec }: CreatedPod): unknown => spec.containers[0]!.env
  await client.send('POST', '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations', {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'signpost' },
    webhooks: [
      {
        name: 'pods.signpost.dev',
        admissionReviewVersions: ['v1'],
        clientConfig: {
          url: `https://127.0.0.1:${asked.server.port}/pods`,
          caBundle: asData(authority.cert),
        },
        rules: [
          { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] },
        ],
        failurePolicy: 'Ignore',
        sideEffects: 'None',
        timeoutSeconds: 5,
      },
    ],
  })
  let isCalled = false
  for (let number = 0; !isCalled && number < 1000; number++)
    isCalled = envOf(await create(`first-${number}`)) !== undefined
  t.ok(isCalled, 'it is called')

  const many = await Promise.all(
    Array.from({ length: 50 }, (_, number) => create(`many-${number}`)),
  )
  for (const one of many) t.strictSame(envOf(one), inherited, one.metadata.name)

  asked.server.setCertificate(issueServing())
  for (const one of await Promise.all(
    Array.from({ length: 50 }, (_, number) => create(`swap-${number}`)),
  ))
    t.strictSame(envOf(one), inherited, `${one.metadata.name}: another certificate`)

  for (const status of [429, 503] as const) {
    let times = 0
    decide = () => {
      if (times++ === 0) throw new NotNow(status, 'not now')
      return inject()
    }
    t.strictSame(envOf(await create(`later-${status}`)), inherited, `asks again after ${status}`)
    t.equal(times, 2)
  }

  decide = () => ({
    allowed: false,
    code: 422,
    reason: 'Invalid',
    message: 'no such thing',
    outcome: 'refused',
  })
  await t.rejects(create('refused'), { cause: 422, message: /denied the request: no such thing/ })

  decide = () => {
    throw new Error('a fault')
  }
  t.equal(envOf(await create('fault')), undefined, 'a fault is ignored')
  decide = async () => new Promise(() => {})
  t.equal(envOf(await create('silence')), undefined, 'so is one that does not decide')

  decide = inject
  asked.server.leave()
  for (const one of await Promise.all(
    Array.from({ length: 20 }, (_, number) => create(`leaving-${number}`)),
  ))
    t.strictSame(envOf(one), inherited, `${one.metadata.name}: while it leaves`)
  await asked.server.close()
  t.equal(envOf(await create('alone')), undefined, 'and nobody there')
  const codes = asked.totals
    .families()
    .find(({ name }) => name === 'signpost_admission_requests_total')!
    .samples.map(({ labels }) => labels['code'])
  t.strictSame(
    [...new Set(codes)].toSorted((a, b) => Number(a) - Number(b)),
    ['200', '429', '500', '503'],
  )
})
