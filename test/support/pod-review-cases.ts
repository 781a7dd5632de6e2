import type { Test } from 'tap'
import type { PodReviewOptions } from '../../src/admission/pod-review.ts'
import type { AdmissionRequest } from '../../src/admission/review.ts'
import { applyPatch } from './json-patch.ts'
import { master, podRequest, reviewPod, serviceOf } from './pod-review-run.ts'

export interface PodReviewCase {
  readonly name: string
  readonly annotations?: Record<string, string>
  readonly labels?: Record<string, string>
  readonly spec?: object
  readonly request?: Partial<AdmissionRequest>
  readonly options?: Partial<PodReviewOptions>
  /** By path: of `env` and `envFrom` the names, `…_SERVICE_HOST` alone of each Service; else the value. */
  readonly patch: Record<string, unknown>
  readonly warnings?: readonly string[]
  readonly outcome?: string
  readonly audit?: Record<string, string>
}

export const app = { name: 'app', image: 'app' }
export const withEnvFrom = { ...app, envFrom: [{ configMapRef: { name: 'settings' } }] }
/** Of a pod in `shop`. */
export const both = ['KUBERNETES_SERVICE_HOST', 'WEB_SERVICE_HOST']

const services = [
  master,
  'shop/web 10.0.0.1 http:80',
  'production/db fd00::1 5432',
  'digits/3scale 10.0.0.3 80',
  'twins/foo 10.0.0.4 80',
  'twins/foo-service 10.0.0.5 90',
].map(serviceOf)

/** `NAME` for each that counts, `CONFIGMAP?` for an optional one. */
function brief(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  return value
    .map(({ name, configMapRef }) =>
      configMapRef ? `${configMapRef.name}${configMapRef.optional ? '?' : ''}` : name,
    )
    .filter(name => !/_(PORT|SERVICE_PORT(?!S)|SERVICE_PORT_[A-Z]+|(TCP|PROTO|ADDR))$/.test(name))
}

/** Reviews the pod of each case in a cluster of six Services, and what comes of it once more. */
export function checkPodReviews(t: Test, cases: readonly PodReviewCase[]): void {
  for (const each of cases) {
    const { annotations = {}, labels = {}, spec = { containers: [app] } } = each
    const metadata = { name: 'web-0', annotations, labels }
    const request = podRequest({ metadata, spec }, each.request)
    const options = { services, ...each.options }
    const decision = reviewPod(request, options)
    t.strictSame(
      Object.fromEntries(decision.patch.map(({ path, value }) => [path, brief(value)])),
      each.patch,
      each.name,
    )
    t.ok(decision.patch.every(({ op }) => op === 'add'))
    t.strictSame(decision.warnings, each.warnings ?? [], `${each.name}: warnings`)
    t.equal(decision.outcome, each.outcome ?? 'injected', `${each.name}: outcome`)
    if (each.audit) t.strictSame(decision.audit, each.audit, `${each.name}: audit`)
    if (!request.object) continue
    const object = applyPatch(request.object, decision.patch)
    t.strictSame(reviewPod({ ...request, object }, options).patch, [], `${each.name}: again`)
  }
}
