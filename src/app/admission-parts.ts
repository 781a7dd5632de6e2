import type { PeerRoute } from '../admission/admission-peer.ts'
import { podReviewer } from '../admission/pod-review.ts'
import { NotNow, type Reviewer } from '../admission/review.ts'
import { addressResources, addressSink } from '../admission/service-address-feed.ts'
import { ServiceAdmission } from '../admission/service-admission.ts'
import type { AddressSource } from '../admission/service-address-view.ts'
import type { Replicas } from '../admission/service-owners.ts'
import { type AddressPolicy, defaultPolicy } from '../admission/service-policy.ts'
import { parsePolicy, PolicyError } from '../admission/service-policy-file.ts'
import { VariablesConfigMaps } from '../admission/variables-config-maps.ts'
import { variablesConfigMapName } from '../admission/variables-config-map.ts'
import { ApiClient } from '../client/api-client.ts'
import type { Cidr } from '../lib/cidr.ts'
import type { Logger } from '../lib/logger.ts'
import type { MetricCells } from '../lib/metric-cells.ts'
import type { Change } from '../objects/change.ts'
import { reduceService } from '../objects/service.ts'
import type { ApiAccess } from '../reflector/api-access.ts'
import { ServiceStore } from '../store/service-store.ts'
import type { FollowedResource } from './admission-feed.ts'
import type { AdmissionReplicas } from './admission-replicas.ts'
import { ServerVersion } from './server-version.ts'
import { StartError } from './start-error.ts'

export interface AdmissionPartsOptions {
  readonly access: ApiAccess
  /** Where the cluster does not say it itself: before Kubernetes 1.33 it does not. */
  readonly serviceCidrs: readonly Cidr[]
  /** A file of policies; `undefined` without one. */
  readonly policies: { readonly path: string; readonly text: string } | undefined
  /** `undefined` where this is the only one. */
  readonly replicas: AdmissionReplicas | undefined
  /** Whether ConfigMaps of service variables are written where Pods ask for them. */
  readonly configMaps: 'write' | 'leave'
  readonly logger: Logger
  readonly cells: MetricCells
}

/** Nobody else decides anything. */
const alone: Replicas = {
  self: 'self',
  ready: () => ['self'],
  peer: () => {
    throw new Error('Cannot ask another replica: there is none')
  },
}

/** The webhooks there are, and the objects that they go by: the one place where they are put together. */
export class AdmissionParts implements AsyncDisposable {
  /** By path: `/pods`. */
  readonly reviewers: ReadonlyMap<string, Reviewer>
  /** What replicas ask each other, by path. */
  readonly peers: ReadonlyMap<string, PeerRoute>
  readonly resources: readonly FollowedResource[]
  readonly #options: AdmissionPartsOptions
  readonly #store = new ServiceStore()
  readonly #services: ServiceAdmission
  readonly #version: ServerVersion
  readonly #configMaps: VariablesConfigMaps | undefined
  #hasServices = false

  /** Throws a StartError for policies that cannot be used. */
  constructor(options: AdmissionPartsOptions) {
    const { access, policies, replicas, serviceCidrs, logger } = options
    this.#options = options
    this.#services = new ServiceAdmission({
      policy: policies ? readPolicy(policies) : defaultPolicy,
      serviceCidrs,
      replicas: replicas?.replicas ?? alone,
    })
    this.#version = new ServerVersion(access)
    const cluster = { services: (namespace: string) => this.#servicesOf(namespace) }
    if (options.configMaps === 'write') {
      const client = new ApiClient({ access })
      this.#configMaps = new VariablesConfigMaps({ cluster, client, logger })
    }
    const version = this.#version
    const pods = podReviewer({
      cluster,
      get serverVersion() {
        return version.current
      },
      onConfigMapWanted: namespace => this.#configMaps?.keep(namespace),
    })
    this.reviewers = new Map([
      ['/services', this.#services.review],
      ['/pods', pods],
    ])
    this.peers = replicas?.routes(this.#services.desk) ?? new Map()
    this.resources = [
      this.#addresses('services'),
      this.#addresses('servicecidrs'),
      this.#addresses('ipaddresses'),
      ...(replicas ? [replicas.resource] : []),
      ...(this.#configMaps ? [configMapResource(this.#configMaps)] : []),
    ]
  }

  /** Sets the gauges that are not set as things happen. */
  publish(): void {
    const { cells } = this.#options
    const { desk, view } = this.#services
    cells.gauge('signpost_admission_claims').set(desk.size)
    for (const usage of view.usage()) {
      for (const band of ['static', 'dynamic'] as const) {
        const labels = { cidr: usage.cidr, band }
        cells.gauge('signpost_clusterip_band_addresses', labels).set(usage[band].size)
        cells.gauge('signpost_clusterip_band_used_addresses', labels).set(usage[band].taken)
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#configMaps?.[Symbol.asyncDispose]()
    await this.#version[Symbol.asyncDispose]()
  }

  #servicesOf(namespace: string): ReturnType<ServiceStore['services']> {
    if (!this.#hasServices) throw new NotNow(503, 'Cannot tell variables: waiting for services')
    return this.#store.services(namespace)
  }

  /** What addresses are chosen by. Services are what variables are made of, too. */
  #addresses(source: AddressSource): FollowedResource {
    const { view, desk } = this.#services
    const sink = addressSink(source, { view, desk })
    const onSynced = (): void => view.synced(source)
    const resource = addressResources[source]
    if (source !== 'services') {
      return {
        resource,
        sink,
        need: 'optional',
        onSynced,
        onMissing: () => view.missing(source),
      }
    }
    return {
      resource,
      need: 'required',
      onSynced: () => {
        this.#hasServices = true
        onSynced()
      },
      sink: {
        upsert: api => {
          sink.upsert(api)
          this.#apply({ type: 'upsert', object: reduceService(api) }, api.metadata.namespace ?? '')
        },
        delete: name => {
          sink.delete(name)
          this.#apply({ type: 'delete', kind: 'Service', ...name }, name.namespace)
        },
      },
    }
  }

  #apply(change: Change, namespace: string): void {
    this.#store.apply([change])
    this.#configMaps?.servicesChanged([namespace])
  }
}

function readPolicy({ text, path }: NonNullable<AdmissionPartsOptions['policies']>): AddressPolicy {
  try {
    return parsePolicy(text, path)
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    throw new StartError('policies-unusable', error.message, { cause: error })
  }
}

/** Those that are ours: they are kept also by a replica that nobody has asked so far, and put right when somebody changes them. */
function configMapResource(configMaps: VariablesConfigMaps): FollowedResource {
  return {
    resource: {
      group: '',
      version: 'v1',
      plural: 'configmaps',
      labelSelector: 'app.kubernetes.io/managed-by=signpost',
      fieldSelector: `metadata.name=${variablesConfigMapName}`,
      pageSize: 20,
    },
    need: 'required',
    sink: {
      upsert: ({ metadata }) => configMaps.keep(metadata.namespace ?? ''),
      delete: ({ namespace }) => configMaps.keep(namespace),
    },
  }
}
