import { isDeepStrictEqual } from 'node:util'
import { CorefileError, type Place } from '../../corefile/corefile-error.ts'
import type { Directive } from '../../corefile/directive.ts'
import { durationMs } from '../../corefile/duration-arguments.ts'
import { count, countBetween, float } from '../../corefile/number-arguments.ts'
import { oneOf, text } from '../../corefile/text-arguments.ts'
import { parseLabelSelector } from '../../objects/label-selector.ts'
import type { BlockPlace } from '../plugin.ts'
import { readZones } from '../read-zones.ts'

/** What a `kubernetes` directive says. Zones are lower case with a final dot. */
export interface KubernetesSettings {
  /** The forward zones; the first one is the target of PTR records. */
  readonly zones: readonly string[]
  readonly reverseZones: readonly string[]
  readonly pods: 'disabled' | 'insecure' | 'verified'
  readonly ttlSeconds: number
  readonly endpointPodNames: boolean
  readonly ignoreEmptyService: boolean
  readonly noEndpoints: boolean
  readonly zonal: boolean
  /** Namespaces that are shown; all when empty. */
  readonly namespaces: readonly string[]
  /** Label selectors, as the API server takes them. */
  readonly namespaceLabels: string | undefined
  readonly labels: string | undefined
  /** Zones whose missing names are left to the next plugin. */
  readonly fallthrough: readonly string[]
  readonly startupTimeoutMs: number
  /** How to reach the API server. */
  readonly api: KubernetesApiSettings
}

export interface KubernetesApiSettings {
  readonly endpoint: string | undefined
  readonly tls: { readonly cert: string; readonly key: string; readonly ca: string } | undefined
  readonly kubeconfig: { readonly file: string; readonly context: string | undefined } | undefined
  readonly queriesPerSecond: number | undefined
  readonly burst: number | undefined
  readonly maxInFlight: number | undefined
}

/** Reads `kubernetes [ZONES…] { … }`. Without zones they are those of the server block. */
export function readKubernetes(directive: Directive, place: BlockPlace): KubernetesSettings {
  const all = readZones(directive, place.zones)
  const zones = all.filter(zone => !isReverse(zone))
  if (zones.length === 0) {
    throw directive.fail('non-reverse zone name must be used: expected a zone like cluster.local')
  }
  let settings: KubernetesSettings = {
    zones,
    reverseZones: all.filter(isReverse),
    pods: 'disabled',
    ttlSeconds: 5,
    endpointPodNames: false,
    ignoreEmptyService: false,
    noEndpoints: false,
    zonal: false,
    namespaces: [],
    namespaceLabels: undefined,
    labels: undefined,
    fallthrough: [],
    startupTimeoutMs: 5000,
    api: {
      endpoint: undefined,
      tls: undefined,
      kubeconfig: undefined,
      queriesPerSecond: undefined,
      burst: undefined,
      maxInFlight: undefined,
    },
  }
  const set = (changes: Partial<KubernetesSettings>): void => {
    settings = { ...settings, ...changes }
  }
  const setApi = (changes: Partial<KubernetesApiSettings>): void => {
    set({ api: { ...settings.api, ...changes } })
  }
  directive.block({
    endpoint_pod_names: () => set({ endpointPodNames: true }),
    pods: line => set({ pods: line.one(oneOf('disabled', 'insecure', 'verified')) }),
    namespaces: line => set({ namespaces: [line.one(text), ...line.rest(text)] }),
    namespace_labels: line => set({ namespaceLabels: readSelector(line) }),
    labels: line => set({ labels: readSelector(line) }),
    ttl: line => set({ ttlSeconds: line.one(countBetween(0, 3600)) }),
    noendpoints: () => set({ noEndpoints: true }),
    zonal: () => set({ zonal: true }),
    ignore: line => {
      line.one(oneOf('empty_service'))
      set({ ignoreEmptyService: true })
    },
    fallthrough: line => set({ fallthrough: readZones(line, ['.']) }),
    startup_timeout: line => set({ startupTimeoutMs: line.one(durationMs) }),
    multicluster: line => {
      throw line.fail('multicluster services (ServiceImport) are not supported')
    },
    endpoint: line => {
      setApi({ endpoint: line.one(text) })
      line.rest(text)
    },
    tls: line => setApi({ tls: { cert: line.one(text), key: line.one(text), ca: line.one(text) } }),
    kubeconfig: line =>
      setApi({ kubeconfig: { file: line.one(text), context: line.optional(text) } }),
    apiserver_qps: line => setApi({ queriesPerSecond: line.one(float) }),
    apiserver_burst: line => setApi({ burst: line.one(count) }),
    apiserver_max_inflight: line => setApi({ maxInFlight: line.one(count) }),
  })
  if (settings.namespaces.length > 0 && settings.namespaceLabels !== undefined) {
    throw directive.fail('namespaces and namespace_labels cannot both be set')
  }
  if (settings.zonal && settings.noEndpoints) {
    throw directive.fail('zonal and noendpoints cannot both be set')
  }
  return settings
}

function readSelector(line: Directive): string {
  const selector = [line.one(text), ...line.rest(text)].join(' ')
  const parsed = parseLabelSelector(selector)
  if ('error' in parsed) throw line.fail(`"${selector}" is no label selector: ${parsed.error}`)
  return selector
}

function isReverse(zone: string): boolean {
  return /(?:^|\.)(?:in-addr|ip6)\.arpa\.$/.test(zone)
}

/**
 * The settings that all `kubernetes` directives of a Corefile share: there is one cluster, and one set of its records. Throws a
 * CorefileError where two say different things.
 */
export function kubernetesSettingsOf(
  found: readonly { readonly place: Place; readonly settings: readonly KubernetesSettings[] }[],
): KubernetesSettings | undefined {
  let first: KubernetesSettings | undefined
  for (const { place, settings } of found) {
    for (const one of settings) {
      first ??= alike(one)
      if (isDeepStrictEqual(first, alike(one))) continue
      throw new CorefileError(
        place,
        'kubernetes: another server block has other settings: expected the same in all of them',
      )
    }
  }
  return first
}

/** What may differ from block to block: it is done in the chain. */
function alike(settings: KubernetesSettings): KubernetesSettings {
  return { ...settings, fallthrough: [] }
}
