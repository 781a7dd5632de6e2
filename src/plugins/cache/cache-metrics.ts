import type { Counter } from '../../lib/metric-cells.ts'
import type { ServingContext } from '../serving-context.ts'

/** What a cache counts, under CoreDNS's names. */
export interface CacheMetrics {
  readonly requests: Counter
  readonly misses: Counter
  readonly prefetches: Counter
  readonly drops: Counter
  readonly servedStale: Counter
  readonly success: ShelfMetrics
  readonly denial: ShelfMetrics
}

interface ShelfMetrics {
  readonly hits: Counter
  readonly entries: Counter
  readonly evictions: Counter
}

export function cacheMetrics(
  { metrics, block }: Pick<ServingContext, 'metrics' | 'block'>,
  zones: readonly string[],
): CacheMetrics {
  const labels = { server: block.server, zones: zones.join(','), view: block.view }
  const total = (name: string): Counter => metrics.counter(`coredns_cache_${name}_total`, labels)
  const shelf = (type: string): ShelfMetrics => ({
    hits: metrics.counter('coredns_cache_hits_total', { ...labels, type }),
    entries: metrics.gauge('coredns_cache_entries', { ...labels, type }),
    evictions: metrics.counter('coredns_cache_evictions_total', { ...labels, type }),
  })
  return {
    requests: total('requests'),
    misses: total('misses'),
    prefetches: total('prefetch'),
    drops: total('drops'),
    servedStale: total('served_stale'),
    success: shelf('success'),
    denial: shelf('denial'),
  }
}
