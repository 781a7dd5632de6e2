import type { ApiAnswer, ApiBody, ApiClient } from '../client/api-client.ts'
import type { ApiTarget } from '../client/api-target.ts'
import { type RawObject, rawInteger, rawObject, rawString } from '../objects/raw-value.ts'
import type { ApiObject } from '../reflector/reflector-sink.ts'

export interface LeaseTiming {
  /** How long the others wait for a leader that says nothing. */
  readonly leaseMs: number
  /** After this time without a renewal a leader is none. Shorter than `leaseMs`, with room for clocks that run unevenly. */
  readonly renewWithinMs: number
}

export interface LeaseElectorOptions {
  readonly client: ApiClient
  readonly namespace: string
  readonly name: string
  /** Different for each replica: the name of its Pod. */
  readonly identity: string
  readonly timing: LeaseTiming
  /** Unix time in milliseconds, for what the Lease says to people. */
  readonly clock: () => number
  /** Monotonic, in milliseconds: what decides. */
  readonly monotonic: () => number
}

/**
 * One leader among replicas, by a Lease (`coordination.k8s.io/v1`). The times in it are of other machines and are not believed:
 * a lease has ended when it has not changed for its duration, by the clock of who wants it. Nothing is certain with that: what a
 * leader writes still says which version it was made from.
 */
export class LeaseElector {
  readonly target: ApiTarget
  readonly #options: LeaseElectorOptions
  #lease: ApiObject | undefined
  /** What of the Lease says that its holder is alive, and since when it has been so. */
  #seen = { record: '', atMs: 0 }
  /** When the renewal that was answered last was sent. */
  #renewedAtMs = -Infinity

  constructor(options: LeaseElectorOptions) {
    const { namespace, name } = options
    const group = 'coordination.k8s.io'
    this.target = { group, version: 'v1', plural: 'leases', namespace, name }
    this.#options = options
  }

  /** Turns to false by itself when renewals fail. */
  get isLeader(): boolean {
    const { timing, monotonic } = this.#options
    return monotonic() - this.#renewedAtMs < timing.renewWithinMs
  }

  /** The Lease as it was seen last. */
  get annotations(): RawObject {
    return rawObject(rawObject(this.#lease?.metadata)['annotations'])
  }

  /** Looks, and takes or keeps the lease where that may be. To be called a few times in `renewWithinMs`. Throws a WatchError. */
  async step(signal: AbortSignal): Promise<void> {
    // A leader knows the Lease; only where somebody has written to it is it read again.
    if (this.isLeader && this.#lease && (await this.#hold(this.#lease, signal))) return
    const { client, monotonic } = this.#options
    const answer = await client.get(this.target, signal)
    if (answer.outcome !== 'done') {
      await this.#create(signal)
      return
    }
    this.#lease = answer.object
    const record = recordOf(answer.object)
    if (record !== this.#seen.record) this.#seen = { record, atMs: monotonic() }
    if (this.#mayTake(answer.object)) await this.#hold(answer.object, signal)
    else this.#renewedAtMs = -Infinity
  }

  /** Lets the next one begin at once. */
  async release(signal: AbortSignal): Promise<void> {
    if (!this.isLeader) return
    this.#renewedAtMs = -Infinity
    const { client, identity } = this.#options
    const answer = await client.get(this.target, signal)
    if (answer.outcome !== 'done' || holderOf(answer.object) !== identity) return
    const spec = {
      ...rawObject(answer.object['spec']),
      holderIdentity: '',
      leaseDurationSeconds: 1,
    }
    await client.replace(this.target, this.#bodyOf(answer.object, spec), signal)
  }

  #mayTake(lease: ApiObject): boolean {
    const { identity, monotonic } = this.#options
    const holder = holderOf(lease)
    if (holder === '' || holder === identity) return true
    const seconds = rawInteger(rawObject(lease['spec'])['leaseDurationSeconds']) ?? 0
    return monotonic() - this.#seen.atMs > seconds * 1000
  }

  async #create(signal: AbortSignal): Promise<void> {
    const { client, monotonic } = this.#options
    const sentAtMs = monotonic()
    const answer = await client.create(this.target, this.#bodyOf(undefined, this.#held({})), signal)
    this.#taken(answer, sentAtMs)
  }

  /** Whether it is ours now. */
  async #hold(lease: ApiObject, signal: AbortSignal): Promise<boolean> {
    const { client, monotonic } = this.#options
    const sentAtMs = monotonic()
    const body = this.#bodyOf(lease, this.#held(rawObject(lease['spec'])))
    return this.#taken(await client.replace(this.target, body, signal), sentAtMs)
  }

  #taken(answer: ApiAnswer, sentAtMs: number): boolean {
    if (answer.outcome !== 'done') return false
    this.#lease = answer.object
    this.#renewedAtMs = sentAtMs
    return true
  }

  #held(spec: RawObject): RawObject {
    const { identity, timing, clock } = this.#options
    const now = microTime(clock())
    const isNew = rawString(spec['holderIdentity']) !== identity
    return {
      ...spec,
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(timing.leaseMs / 1000),
      renewTime: now,
      ...(isNew && {
        acquireTime: now,
        leaseTransitions: (rawInteger(spec['leaseTransitions']) ?? -1) + 1,
      }),
    }
  }

  #bodyOf(lease: ApiObject | undefined, spec: RawObject): ApiBody {
    const metadata = lease ? lease.metadata : {}
    return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { ...metadata }, spec }
  }
}

/** Changes with every renewal, and with nothing else: others write annotations. */
function recordOf(lease: ApiObject): string {
  return JSON.stringify(lease['spec'])
}

function holderOf(lease: ApiObject): string {
  return rawString(rawObject(lease['spec'])['holderIdentity'])
}

/** Six digits behind the point: the API takes no others. */
function microTime(unixMs: number): string {
  return new Date(unixMs).toISOString().replace('Z', '000Z')
}
