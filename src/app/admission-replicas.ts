import { Agent } from 'node:https'
import type { PeerRoute } from '../admission/admission-peer.ts'
import type { CertificateSource } from '../admission/certificate-source.ts'
import { OwnReplicas } from '../admission/own-replicas.ts'
import { claimClient } from '../admission/service-claim-client.ts'
import type { ClaimDesk } from '../admission/service-claim-desk.ts'
import {
  answerClaim,
  claimPath,
  maxClaimBytes,
  sealHeader,
} from '../admission/service-claim-route.ts'
import { sealKeyOf } from '../admission/service-claim-seal.ts'
import { reduceEndpointSlice } from '../objects/endpoint-slice.ts'
import type { FollowedResource } from './admission-feed.ts'

/** The pod that an admission server is, among those of its Service. */
export interface AdmissionPod {
  readonly namespace: string
  /** `signpost-admission-7d9f8-x2x5z` */
  readonly name: string
  /** `10.244.1.7:8443`, as it stands in the EndpointSlices. */
  readonly address: string
  readonly service: string
}

/** Keys of certificates that were served a moment ago: other replicas may not have the new one yet. */
const keptKeys = 2

/** The other replicas: which there are, and how they ask each other for addresses. */
export class AdmissionReplicas implements Disposable {
  readonly replicas: OwnReplicas
  /** Their EndpointSlices; read before anything is answered, because none of them means to be alone. */
  readonly resource: FollowedResource
  readonly #pod: AdmissionPod
  readonly #certificates: CertificateSource
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 })
  #keys: readonly Buffer[]
  readonly #forget: () => void

  constructor(pod: AdmissionPod, certificates: CertificateSource) {
    this.#pod = pod
    this.#certificates = certificates
    this.#keys = [sealKeyOf(certificates.current().key)]
    this.#forget = certificates.onChange(({ key }) => {
      this.#keys = [sealKeyOf(key), ...this.#keys].slice(0, keptKeys)
    })
    const peers = new Map<string, ReturnType<typeof claimClient>>()
    const connect = (replica: string): ReturnType<typeof claimClient> => {
      const known = peers.get(replica) ?? this.#peer(replica)
      peers.set(replica, known)
      return known
    }
    this.replicas = new OwnReplicas({ self: pod.address, serviceName: pod.service, connect })
    this.resource = {
      resource: {
        group: 'discovery.k8s.io',
        version: 'v1',
        plural: 'endpointslices',
        namespace: pod.namespace,
        labelSelector: `kubernetes.io/service-name=${pod.service}`,
        pageSize: 100,
      },
      need: 'required',
      sink: {
        upsert: api => this.replicas.applySlice(reduceEndpointSlice(api, { labels: 'drop' })),
        delete: ({ name }) => this.replicas.deleteSlice(name),
      },
    }
  }

  /** What the others ask of this one. */
  routes(desk: ClaimDesk): ReadonlyMap<string, PeerRoute> {
    const keys = (): readonly Buffer[] => this.#keys
    const answer: PeerRoute['answer'] = ({ body, headers }, signal) => {
      const seal = headers[sealHeader]
      const request = { body, seal: typeof seal === 'string' ? seal : undefined }
      return answerClaim({ desk, keys, clock: Date.now }, request, signal)
    }
    return new Map([[claimPath, { maxBodyBytes: maxClaimBytes, answer }]])
  }

  [Symbol.dispose](): void {
    this.#forget()
    this.#agent.destroy()
  }

  #peer(replica: string): ReturnType<typeof claimClient> {
    const { service, namespace } = this.#pod
    return claimClient(replica, {
      keys: () => this.#keys,
      clock: Date.now,
      agent: this.#agent,
      trust: () => ({
        ca: this.#certificates.trusted,
        serverName: `${service}.${namespace}.svc`,
      }),
    })
  }
}
