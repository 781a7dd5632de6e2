import { renderRcode } from '../../dns/rcode.ts'
import { renderRrType } from '../../dns/rr-type.ts'
import { renderName } from '../../dns/wire-name.ts'
import type { Plugin } from '../plugin.ts'
import { ErrorLog } from './error-log.ts'
import { type ErrorsSettings, readErrors } from './errors-settings.ts'

/** Messages of systems and upstreams may hold what a terminal obeys. */
const controls = /[\p{Cc}\u2028\u2029]/gu

/** Tells why queries failed. */
export const errors: Plugin<ErrorsSettings> = {
  name: 'errors',
  read: readErrors,
  serve([settings], { log, metrics, thread }) {
    const errorLog = new ErrorLog({
      log,
      consolidations: settings!.consolidations,
      unlogged: metrics.counter('signpost_errors_unlogged_total'),
      threads: thread.count,
    })
    return {
      handle: (query, next) => next(query),
      // No answer of the table is an error.
      leavesClusterAnswers: true,
      observes: 'chain',
      observe({ query, reply, plugin }) {
        if (!query || reply?.error === undefined) return
        const text = reply.error.replaceAll(controls, ' ')
        const question = `${renderName(query.name)} ${renderRrType(query.type)}`
        errorLog.add({
          text,
          line: `${reply.rcode} ${question}: ${text}`,
          kind: `${renderRcode(reply.rcode)} from ${plugin}`,
        })
      },
      close: () => errorLog.close(),
    }
  },
}
