import { countBetween } from '../../corefile/number-arguments.ts'
import { ednsPayloadBytes } from '../../dns/edns.ts'
import type { Handler } from '../handler.ts'
import { mapAnswer } from '../map-answer.ts'
import type { Plugin } from '../plugin.ts'

/** Lowers what clients say they take over UDP. */
export const bufsize: Plugin<{ readonly payloadBytes: number }> = {
  name: 'bufsize',
  read(directive) {
    const payloadBytes = directive.optional(countBetween(512, 4096)) ?? ednsPayloadBytes
    directive.end()
    return { payloadBytes }
  },
  serve([settings]) {
    const { payloadBytes } = settings!
    const handle: Handler = (query, next) => {
      const { edns, client } = query
      if (!edns || edns.payloadBytes <= payloadBytes) return next()
      const lowered = { ...query, edns: { ...edns, payloadBytes } }
      // Over TCP what the client takes over UDP does not matter.
      if (client.transport !== 'udp') return next(lowered)
      const limitBytes = Math.min(query.limitBytes, payloadBytes)
      return mapAnswer(next({ ...lowered, limitBytes }), reply => ({ ...reply, limitBytes }))
    }
    return {
      handle,
      leavesClusterAnswers:
        payloadBytes >= ednsPayloadBytes || (scan => scan.payloadBytes <= payloadBytes),
    }
  },
}
