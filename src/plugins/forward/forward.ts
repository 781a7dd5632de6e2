import { classIn } from '../../dns/header.ts'
import { Rcode } from '../../dns/rcode.ts'
import { isTransferType } from '../../dns/rr-type.ts'
import type { Handler, Query, Reply } from '../handler.ts'
import type { Plugin } from '../plugin.ts'
import type { ServingContext } from '../serving-context.ts'
import { answerSpecialName } from './special-names.ts'
import { ClientLimits } from './client-limits.ts'
import type { ForwardSettings } from './forward-settings.ts'
import { Forwarder } from './forwarder.ts'
import { readForward } from './read-forward.ts'
import { Upstream } from './upstream.ts'
import { UpstreamSet } from './upstream-set.ts'

const mostPerClient = 200
const fileIntervalMs = 5000

/** A zone is more than one message, and not for those who only ask on the way. */
const noTransfers: Reply = { rcode: Rcode.refused, authoritative: false }

/** Sends questions to other servers: those of the first directive, in the order of the file, that is for the name. */
export const forward: Plugin<ForwardSettings> = {
  name: 'forward',
  isRepeatable: true,
  isShared: true,
  read: readForward,
  serve(settings, context) {
    const { count } = context.thread
    const clients = new ClientLimits(mostPerClient, count)
    const rejects = context.metrics.counter('coredns_forward_max_concurrent_rejects_total')
    const allDown = context.metrics.counter('coredns_forward_healthcheck_broken_total')
    const forwarders = settings.map(
      directive =>
        new Forwarder(directive, {
          set: keepUpstreams(directive, context),
          clients,
          threads: count,
          nowMs: context.nowMs,
          rejects,
          allDown,
        }),
    )
    const handle: Handler = (query, next) => {
      if (query.class !== classIn) return next()
      const matching = forwarders.filter(forwarder => forwarder.matches(query))
      const [first] = matching
      if (!first) return next()
      if (isTransferType(query.type)) return noTransfers
      const special = first.isParticular ? undefined : answerSpecialName(query)
      return special ?? askInTurn(query, matching)
    }
    return handle
  },
}

/** The answer of the first, or of a later one where those before say that it may be asked. */
async function askInTurn(query: Query, forwarders: readonly Forwarder[]): Promise<Reply> {
  const last = forwarders.length - 1
  for (const [number, forwarder] of forwarders.entries()) {
    const reply = await forwarder.ask(query)
    if (number === last || !forwarder.passesOn(reply)) return reply
  }
  throw new RangeError('Cannot forward a query: no directive is for its name')
}

/** The upstreams of a directive: those of the configuration before where nothing has changed that matters to them. */
function keepUpstreams(
  { from, targets, transport }: ForwardSettings,
  { metrics, nowMs, keep, log, thread }: ServingContext,
): UpstreamSet {
  return keep(`forward ${JSON.stringify({ from, targets, transport })}`, () => {
    const set: UpstreamSet = new UpstreamSet(targets, {
      fileIntervalMs,
      make: server =>
        new Upstream(server, {
          transport,
          metrics,
          nowMs,
          onRecovery: () => set.failures.clear(),
        }),
      onEmptyFile: path => {
        if (thread.index > 0) return
        log.error('forward', `no nameserver in ${path}: it is read again when it changes`)
      },
    })
    return set
  })
}
