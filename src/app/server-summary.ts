import { type Cidr, formatCidr } from '../lib/cidr.ts'
import type { LogFields } from '../lib/logger.ts'
import { type Binding, renderBinding } from '../server/binding.ts'
import type { ManifestCounts } from '../sources/manifest-set.ts'
import type { ServiceStore } from '../store/service-store.ts'
import { readyCount, renderCount } from './change-lines.ts'
import type { SourceOptions } from './cluster-options.ts'
import type { ServingPlan } from './serving-plan.ts'

interface SummaryFacts {
  readonly source: SourceOptions | undefined
  /** Address of the API server, where there is one. */
  readonly server: string | undefined
  readonly workers: number
  readonly plan: ServingPlan
  readonly counts: ManifestCounts | undefined
  readonly names: number
  readonly bindings: readonly Binding[]
  readonly readMs: number
  readonly compileMs: number
}

/** What is served and where, told once: as lines for people, or as the fields of one log line. */
export class ServerSummary {
  readonly #facts: SummaryFacts
  readonly #services: number
  readonly #namespaces: number
  readonly #endpoints: number

  constructor(store: ServiceStore, facts: SummaryFacts) {
    this.#facts = facts
    const namespaces = [...store.namespaces()]
    const views = namespaces.flatMap(({ name }) =>
      [...store.services(name)].filter(view => view.service),
    )
    this.#namespaces = namespaces.length
    this.#services = views.length
    this.#endpoints = views.reduce((sum, view) => sum + readyCount(view), 0)
  }

  get fields(): LogFields {
    const { counts, server, names, bindings, readMs, compileMs } = this.#facts
    return {
      listen: bindings.map(renderBinding).join(' '),
      zone: this.zone,
      server,
      files: counts?.files,
      services: this.#services,
      endpoints: this.#endpoints,
      names,
      readMs: Math.round(readMs),
      compileMs: Math.round(compileMs),
    }
  }

  /** `.:53`, one line for each zone of each server block. */
  get corefileLines(): string {
    return this.#facts.plan.blocks
      .flatMap(({ zones, server }) => {
        const [scheme, port] = server.split('://:')
        return zones.map(zone => `${scheme === 'dns' ? '' : `${scheme}://`}${zone}:${port}\n`)
      })
      .join('')
  }

  /** The zone to try first. */
  get zone(): string {
    return this.#facts.plan.cluster.kubernetes?.zones[0]?.replace(/\.$/, '') ?? '.'
  }

  get text(): string {
    const { workers, plan, names, bindings } = this.#facts
    const zones = [
      ...(plan.cluster.kubernetes?.zones ?? []),
      ...(plan.cluster.kubernetes?.reverseZones ?? []),
    ]
    const lines = [
      ...this.#sourceLines(),
      [
        'zone',
        `${zones.map(zone => zone.replace(/\.$/, '')).join(', ')}: ${names} names, TTL ${plan.cluster.kubernetes?.ttlSeconds} s`,
      ],
      [
        'listening',
        `${bindings.map(renderBinding).join(', ')} over UDP and TCP, ${renderCount(workers, 'thread')}`,
      ],
    ]
    return lines.map(([head, body]) => `${head!.padEnd(10)} ${body}\n`).join('')
  }

  #sourceLines(): readonly (readonly string[])[] {
    const { source, counts, server } = this.#facts
    const services = [
      'services',
      `${this.#services} in ${renderCount(this.#namespaces, 'namespace')}, ${renderCount(this.#endpoints, 'ready endpoint')}`,
    ]
    if (server !== undefined) return [['cluster', server], services]
    if (!source || !('manifests' in source) || !counts) return []
    const ignored = [...counts.ignoredKinds].map(([kind, count]) => `${count} ${kind}`).join(', ')
    const state = source.state ?? 'in memory only: --state DIR keeps them across restarts'
    return [
      [
        'manifests',
        `${source.manifests}: ${renderCount(counts.files, 'file')}, ${renderCount(counts.objects, 'object')}${ignored && `, not for us: ${ignored}`}`,
      ],
      services,
      [
        'addresses',
        `services ${renderCidrs(source.serviceCidrs)}, pods ${renderCidrs(source.podCidrs)}; allocations ${state}`,
      ],
    ]
  }
}

function renderCidrs(cidrs: readonly Cidr[]): string {
  return cidrs.map(formatCidr).join(', ')
}
