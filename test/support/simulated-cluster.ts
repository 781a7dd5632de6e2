import { ServiceAdmission } from '../../src/admission/service-admission.ts'
import type { AddressView } from '../../src/admission/service-address-view.ts'
import type { ClaimDesk } from '../../src/admission/service-claim-desk.ts'
import type { OwnerPeer } from '../../src/admission/service-owners.ts'
import { defaultPolicy } from '../../src/admission/service-policy.ts'
import type { Reviewer } from '../../src/admission/review.ts'
import { parseCidr } from '../../src/lib/cidr.ts'
import { formatIp, ipFromBigInt } from '../../src/lib/ip.ts'
import { reduceService } from '../../src/objects/service.ts'
import { VirtualTime } from './virtual-time.ts'

/** One replica with a view of its own, which is told of everything late. */
interface Replica {
  readonly name: string
  readonly view: AddressView
  readonly desk: ClaimDesk
  readonly review: Reviewer
  isAlive: boolean
  /** Which replicas it takes for ready. */
  ready: readonly string[]
  /** Events come in order, so none before the one before. */
  toldAtMs: number
}

export interface SimulatedClusterOptions {
  readonly replicas: number
  readonly cidr: string
  readonly below: (bound: number) => number
}

type Outcome = 'created' | 'refused' | 'exists'

/**
 * A model of an API server with webhooks: it arbitrates by one entry for each address, lets creations wait between the review
 * and the allocation, and tells each replica late. Nothing happens at the same time, everything in any order.
 */
export class SimulatedCluster {
  readonly time = new VirtualTime()
  readonly services = new Map<string, string>()
  readonly addresses = new Map<string, string>()
  /** Creations that were refused because of the address that the webhook gave, and who had it. */
  readonly collisions: string[] = []
  /** Services whose address the API server chose. */
  readonly chosenByServer = new Set<string>()
  readonly #replicas: Replica[]
  /** Those that get requests. */
  #asked: readonly Replica[]
  readonly #options: SimulatedClusterOptions

  constructor(options: SimulatedClusterOptions) {
    this.#options = options
    const names = Array.from({ length: options.replicas }, (_, i) => `10.244.0.${i + 1}:8443`)
    this.#replicas = names.map(name => this.#newReplica(name, names))
    this.#asked = this.#replicas
  }

  get alive(): readonly Replica[] {
    return this.#replicas.filter(replica => replica.isAlive)
  }

  /** One that was there before or a new one: as a process it knows nothing, and is ready when it has read everything. */
  async start(name: string): Promise<void> {
    const members = this.alive.map(other => other.name)
    const replica = this.#newReplica(name, members)
    for (const [key, address] of this.services) this.#apply(replica, key, address)
    const at = this.#replicas.findIndex(other => other.name === name)
    if (at < 0) this.#replicas.push(replica)
    else this.#replicas[at] = replica
    this.#asked = this.alive
    await this.#tellMembers()
  }

  async kill(name: string): Promise<void> {
    this.#replicas.find(replica => replica.name === name)!.isAlive = false
    // Until its readiness is seen to be gone requests still go to it, and fail.
    await this.time.sleep(this.#below(400))
    this.#asked = this.alive
    await this.#tellMembers()
  }

  async create(key: string): Promise<Outcome> {
    const [namespace = '', name = ''] = key.split('/')
    await this.time.sleep(this.#below(20))
    const wished = await this.#ask(namespace, name)
    await this.time.sleep(this.#below(30))
    const address = wished ?? this.#anyFree()
    const holder = this.addresses.get(address)
    if (holder !== undefined) {
      const by = this.chosenByServer.has(holder) ? 'server' : 'webhook'
      if (holder !== key) this.collisions.push(`${key} ${address} ${holder} ${by}`)
      return 'refused'
    }
    this.addresses.set(address, key)
    await this.time.sleep(this.#below(5))
    if (this.services.has(key)) {
      this.addresses.delete(address)
      return 'exists'
    }
    this.services.set(key, address)
    if (wished === undefined) this.chosenByServer.add(key)
    else this.chosenByServer.delete(key)
    this.#tell(replica => this.#apply(replica, key, address))
    return 'created'
  }

  async delete(key: string): Promise<void> {
    const address = this.services.get(key)!
    this.services.delete(key)
    this.#tell(replica => replica.view.deleteService(key))
    await this.time.sleep(this.#below(5))
    this.addresses.delete(address)
    this.#tell(replica => replica.view.deleteIpAddress(address))
  }

  /** The address that a review gives; `undefined` where it gives none, or there is none: failurePolicy Ignore. */
  async #ask(namespace: string, name: string): Promise<string | undefined> {
    const replica = this.#asked[this.#below(this.#asked.length)]!
    if (!replica.isAlive) return undefined
    const never = new AbortController().signal
    const decision = await replica.review(
      {
        uid: '1',
        operation: 'CREATE',
        resource: 'services',
        subresource: '',
        namespace,
        name,
        dryRun: false,
        username: '',
        object: { spec: {} },
        oldObject: undefined,
      },
      never,
    )
    // Killed while it was asked: no answer.
    if (!replica.isAlive || !decision.allowed) return undefined
    return decision.patch[0]?.value as string | undefined
  }

  #newReplica(name: string, members: readonly string[]): Replica {
    const replicas = {
      self: name,
      ready: () => replica.ready,
      peer: (other: string) => this.#peer(other),
    }
    const parts = { policy: defaultPolicy, serviceCidrs: [], replicas, time: this.time }
    const { view, desk, review } = new ServiceAdmission(parts)
    const cidrs = [this.#options.cidr]
    view.applyServiceCidr({ kind: 'ServiceCIDR', name: 'kubernetes', cidrs, ready: true })
    for (const source of ['services', 'servicecidrs', 'ipaddresses'] as const) view.synced(source)
    const replica: Replica = {
      name,
      view,
      desk,
      review,
      isAlive: true,
      ready: members,
      toldAtMs: 0,
    }
    return replica
  }

  #peer(name: string): OwnerPeer {
    return {
      claim: async (address, key, signal) => {
        await this.time.sleep(1 + this.#below(5))
        const replica = this.#replicas.find(other => other.name === name)
        if (!replica?.isAlive) throw new Error('connection refused')
        const answer = await replica.desk.claim(address, key, signal)
        await this.time.sleep(1 + this.#below(5))
        if (!replica.isAlive) throw new Error('connection reset')
        return answer
      },
    }
  }

  #apply({ view, desk }: Replica, key: string, address: string): void {
    const [namespace, name] = key.split('/')
    const spec = { clusterIP: address, clusterIPs: [address] }
    const service = reduceService({ metadata: { namespace, name }, spec })
    view.applyIpAddress({ kind: 'IPAddress', name: address, managedBy: '', service: key })
    view.applyService(service)
    desk.applyService(service)
  }

  /** Tells every replica, each after a while of its own and all in order. */
  #tell(how: (replica: Replica) => void): void {
    for (const replica of this.#replicas) {
      replica.toldAtMs = Math.max(replica.toldAtMs, this.time.now() + this.#below(40))
      void this.time.sleep(replica.toldAtMs - this.time.now()).then(() => how(replica))
    }
  }

  async #tellMembers(): Promise<void> {
    const members = this.alive.map(({ name }) => name)
    await Promise.all(
      this.alive.map(async replica => {
        await this.time.sleep(this.#below(200))
        replica.ready = members
      }),
    )
  }

  #anyFree(): string {
    const { base, family } = parseCidr(this.#options.cidr)!
    for (;;) {
      const address = formatIp(ipFromBigInt(base + 257n + BigInt(this.#below(60_000)), family))
      if (!this.addresses.has(address)) return address
    }
  }

  #below(bound: number): number {
    return this.#options.below(bound)
  }
}
