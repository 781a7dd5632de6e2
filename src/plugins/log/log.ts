import { isInZone, parseName, type WireName } from '../../dns/wire-name.ts'
import type { Plugin } from '../plugin.ts'
import { LineBatch } from './line-batch.ts'
import { type LineFormat, parseLogFormat } from './log-format.ts'
import { type LogSettings, readLog } from './log-settings.ts'
import { replyClass, type ReplyClass, replyKind } from './reply-class.ts'

interface Rule {
  readonly zone: WireName
  readonly classes: ReadonlySet<ReplyClass>
  readonly format: LineFormat
}

/** Logs queries, one line each. */
export const log: Plugin<LogSettings> = {
  name: 'log',
  isRepeatable: true,
  read: readLog,
  serve(settings, { log: serverLog, reader }) {
    const rules = settings.flatMap(({ zones, classes, format }) =>
      zones.map((zone): Rule => ({
        zone: parseName(zone)!,
        classes: new Set(classes),
        format: parseLogFormat(format),
      })),
    )
    const batch = new LineBatch(text => serverLog.line(text))
    return {
      handle: (query, next) => next(query),
      // Once everything is known, no answer of the table is an error: where nothing else is logged, it may be fast.
      leavesClusterAnswers: logsOnlyErrors(rules) && (() => reader.isComplete),
      observes: 'chain',
      observe(exchange) {
        const { query, reply } = exchange
        if (!query || !reply) return
        const rule = rules.find(({ zone }) => isInZone(query.name, zone))
        if (!rule) return
        const kind = replyKind(query.type, reply)
        if (rule.classes.has(replyClass(kind))) batch.add(rule.format({ exchange, query, kind }))
      },
      close: () => batch.flush(),
    }
  },
}

function logsOnlyErrors(rules: readonly Rule[]): boolean {
  return rules.every(({ classes }) => !classes.has('success') && !classes.has('denial'))
}
