import { Rcode } from '../../dns/rcode.ts'
import { RrType } from '../../dns/rr-type.ts'
import type { Handler, Reply } from '../handler.ts'
import { mapAnswer } from '../map-answer.ts'
import type { Plugin } from '../plugin.ts'
import { shuffle } from '../shuffle.ts'
import { type LoadbalanceSettings, readLoadbalance } from './loadbalance-settings.ts'
import { type AddressOrder, orderSection, preferredFirst } from './record-order.ts'
import { WeightFile } from './weight-file.ts'
import { weightedFirst } from './weighted-order.ts'

/** Types of questions whose answers are weighted. */
const weightedTypes: ReadonlySet<number> = new Set([RrType.a, RrType.aaaa, RrType.srv])

/** Changes the order of addresses and MX records from reply to reply. */
export const loadbalance: Plugin<LoadbalanceSettings> = {
  name: 'loadbalance',
  read: readLoadbalance,
  serve([settings], context) {
    const { weights, prefer } = settings!
    const preferred = prefer.length > 0 ? preferredFirst(prefer) : undefined
    const ordered = (order: AddressOrder) => (reply: Reply) => {
      const whole: AddressOrder = preferred ? addresses => preferred(order(addresses)) : order
      return withOrder(reply, whole)
    }
    if (weights) {
      const file = new WeightFile(weights, context.log)
      const change = ordered(addresses => weightedFirst(addresses, file.weights, Math.random()))
      const handle: Handler = ({ type }, next) =>
        weightedTypes.has(type) ? mapAnswer(next(), change) : next()
      return { handle, close: () => file.close() }
    }
    const change = ordered(shuffle)
    const handle: Handler = (_, next) => mapAnswer(next(), change)
    // The table rotates its answers by itself.
    return { handle, leavesClusterAnswers: prefer.length === 0 }
  },
}

function withOrder(reply: Reply, order: AddressOrder): Reply {
  if (reply.rcode !== Rcode.noError || reply.moreAnswers) return reply
  const { answers = [], authority = [], additional = [] } = reply
  return {
    ...reply,
    answers: orderSection(answers, order),
    authority: orderSection(authority, order),
    additional: orderSection(additional, order),
  }
}
