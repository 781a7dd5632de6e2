import type { AdmissionRequest, Reviewer } from '../../src/admission/review.ts'
import { addressResources, addressSink } from '../../src/admission/service-address-feed.ts'
import { ServiceAdmission } from '../../src/admission/service-admission.ts'
import type { AddressSource, AddressView } from '../../src/admission/service-address-view.ts'
import type { ClaimDesk } from '../../src/admission/service-claim-desk.ts'
import type { OwnerPeer } from '../../src/admission/service-owners.ts'
import { defaultPolicy } from '../../src/admission/service-policy.ts'
import type { ApiAccess } from '../../src/reflector/api-access.ts'
import { Reflector } from '../../src/reflector/reflector.ts'
import type { ReflectorObserver } from '../../src/reflector/reflector-observer.ts'
import { until } from './until.ts'

interface Replica {
  readonly name: string
  readonly view: AddressView
  readonly desk: ClaimDesk
  readonly review: Reviewer
  readonly running: Promise<unknown>
  isAlive: boolean
}

/** Replicas of the review of Services, each with a view of a real API server of its own, in this process. */
export class ReviewingReplicas implements AsyncDisposable {
  /** Every address that a review gave. */
  readonly answered = new Set<unknown>()
  readonly #access: ApiAccess
  readonly #replicas: Replica[]
  readonly #stop = new AbortController()
  #next = 0

  private constructor(access: ApiAccess, count: number) {
    this.#access = access
    const names = Array.from({ length: count }, (_, i) => `replica-${i}`)
    this.#replicas = names.map(name => this.#start(name, names))
  }

  static async start(access: ApiAccess, count: number): Promise<ReviewingReplicas> {
    const replicas = new ReviewingReplicas(access, count)
    await until('every replica has read the cluster', () =>
      replicas.#replicas.every(({ view }) => view.isReady),
    )
    return replicas
  }

  /** It answers nobody any more, and the others are not told. */
  kill(): void {
    this.#replicas[0]!.isAlive = false
  }

  /** Creates as an API server with the webhook does: what the review says is applied, and where none answers it goes on without. */
  async patched(request: Partial<AdmissionRequest>): Promise<object> {
    const replica = this.#replicas[this.#next++ % this.#replicas.length]!
    const object = structuredClone(request.object ?? {}) as { spec: Record<string, unknown> }
    if (!replica.isAlive) return object
    const decision = await replica.review(
      {
        uid: '1',
        operation: 'CREATE',
        resource: 'services',
        subresource: '',
        namespace: 'default',
        name: '',
        dryRun: false,
        username: '',
        object: undefined,
        oldObject: undefined,
        ...request,
      },
      AbortSignal.timeout(2000),
    )
    if (!decision.allowed || !replica.isAlive) return object
    this.answered.add(decision.patch[0]?.value)
    for (const { path, value } of decision.patch) object.spec[path.split('/').at(-1)!] = value
    return object
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#replicas.map(({ running }) => running))
  }

  #start(name: string, members: readonly string[]): Replica {
    const replicas = { self: name, ready: () => members, peer: (to: string) => this.#peer(to) }
    const parts = { policy: defaultPolicy, serviceCidrs: [], replicas }
    const { view, desk, review } = new ServiceAdmission(parts)
    const sources = Object.keys(addressResources) as AddressSource[]
    const reflectors = sources.map(source => {
      const resource = addressResources[source]
      const sink = addressSink(source, { view, desk })
      const observer = observerOf(source, view)
      return new Reflector({ access: this.#access, resource, sink, observer })
    })
    const running = Promise.all(reflectors.map(reflector => reflector.run(this.#stop.signal)))
    return { name, view, desk, review, running, isAlive: true }
  }

  #peer(name: string): OwnerPeer {
    const lookup = (): Replica => {
      const replica = this.#replicas.find(other => other.name === name)
      if (!replica?.isAlive) throw new Error('connection refused')
      return replica
    }
    return {
      claim: async (address, key, signal) => {
        const answer = await lookup().desk.claim(address, key, signal)
        lookup()
        return answer
      },
    }
  }
}

function observerOf(source: AddressSource, view: AddressView): ReflectorObserver {
  return {
    requested: () => {},
    synced: () => view.synced(source),
    trouble: ({ kind }) => {
      if (kind === 'missing' && source !== 'services') view.missing(source)
    },
    healed: () => {},
    settled: () => {},
    applyFailed: error => {
      throw error
    },
  }
}
