import type { Plugin } from '../plugin.ts'
import { cacheMetrics } from './cache-metrics.ts'
import { type CacheSettings, readCache, type ShelfSettings } from './cache-settings.ts'
import { CachingLink } from './caching-link.ts'
import { ReplyCache } from './reply-cache.ts'
import { Shelf } from './shelf.ts'

const mebibyte = 1024 * 1024

/** Of all serving threads together. */
const successBytes = 32 * mebibyte
const denialBytes = 8 * mebibyte

/** Keeps replies of upstream servers. What this server knows itself is never kept: it is at hand, and always new. */
export const cache: Plugin<CacheSettings> = {
  name: 'cache',
  isShared: true,
  read: readCache,
  serve([settings], context) {
    const { zones, success, denial, failureMs } = settings!
    const metrics = cacheMetrics(context, zones)
    const threads = context.thread.count
    const shelfOf = (
      { capacityEntries }: ShelfSettings,
      bytes: number,
      { entries, evictions }: (typeof metrics)['success'],
    ): Shelf =>
      new Shelf({
        limitBytes: Math.floor(bytes / threads),
        capacityEntries: Math.ceil(capacityEntries / threads),
        entries,
        evictions,
      })
    // Whatever decides what is in the cache is in the key.
    const shape = JSON.stringify({ zones, success, denial, failureMs, threads })
    const replies = context.keep(
      `cache ${shape}`,
      () =>
        new ReplyCache({
          success: shelfOf(success, successBytes, metrics.success),
          denial: shelfOf(denial, denialBytes, metrics.denial),
        }),
    )
    const { handle } = new CachingLink(settings!, { cache: replies, metrics, context })
    // Nothing of the cluster zones is kept here, so nothing old can stand in their way.
    return { handle, leavesClusterAnswers: true }
  },
}
