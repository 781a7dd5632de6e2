import { podReviewer, type PodReviewOptions } from '../../src/admission/pod-review.ts'
import type { AdmissionDecision, AdmissionRequest } from '../../src/admission/review.ts'
import type { RawObject } from '../../src/objects/raw-value.ts'
import { reduceService, type Service } from '../../src/objects/service.ts'

/** `shop/web 10.0.0.1 http:80,53/UDP`: namespace/name, cluster IP (`-` for none), ports. */
export function serviceOf(line: string): Service {
  const [key = '', clusterIP = '', ports = ''] = line.split(' ')
  const [namespace, name] = key.split('/')
  const apiPorts = ports
    .split(',')
    .filter(Boolean)
    .map(text => {
      const [, portName, port, protocol] = /^(?:(.+):)?(\d+)(?:\/(.+))?$/.exec(text)!
      return { name: portName, port: Number(port), protocol }
    })
  const spec = { clusterIP: clusterIP === '-' ? '' : clusterIP, ports: apiPorts }
  return reduceService({ metadata: { namespace, name }, spec })
}

export const master = 'default/kubernetes 10.96.0.1 https:443'

/** Services as a reviewer sees them. */
export function clusterOf(services: readonly Service[]): PodReviewOptions['cluster'] {
  return {
    services: namespace =>
      services.filter(each => each.namespace === namespace).map(service => ({ service })),
  }
}

export function podRequest(
  object: RawObject,
  more: Partial<AdmissionRequest> = {},
): AdmissionRequest {
  return {
    uid: 'b2f1',
    operation: 'CREATE',
    resource: 'pods',
    subresource: '',
    namespace: 'shop',
    name: 'web-0',
    dryRun: false,
    username: 'jane',
    object,
    oldObject: undefined,
    ...more,
  }
}

type Allowed = Extract<AdmissionDecision, { allowed: true }>

/** Reviews by a new reviewer that may answer at once and refuses nothing. */
export function reviewPod(
  request: AdmissionRequest,
  options: Partial<PodReviewOptions> & { readonly services?: readonly Service[] } = {},
): Allowed {
  const { services = [serviceOf(master)], ...rest } = options
  const review = podReviewer({
    cluster: clusterOf(services),
    serverVersion: { major: 1, minor: 36 },
    ...rest,
  })
  const decision = review(request, new AbortController().signal)
  if (decision instanceof Promise || !decision.allowed) throw new TypeError('not allowed at once')
  return decision
}
