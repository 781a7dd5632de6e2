import { durationMs } from '../../corefile/duration-arguments.ts'
import { Rcode } from '../../dns/rcode.ts'
import type { Handler, Reply } from '../handler.ts'
import type { Plugin } from '../plugin.ts'

/** A bit more than the five seconds after which a client asks again. */
const defaultTimeoutMs = 5001

/** Ends what takes too long with SERVFAIL. */
export const cancel: Plugin<{ readonly timeoutMs: number }> = {
  name: 'cancel',
  read(directive) {
    const timeoutMs = directive.optional(durationMs) ?? defaultTimeoutMs
    if (timeoutMs === 0) throw directive.fail('expected a duration above 0')
    directive.end()
    return { timeoutMs }
  },
  serve: ([settings]) => ({
    handle: answerWithin(settings!.timeoutMs),
    leavesClusterAnswers: true,
  }),
}

function answerWithin(timeoutMs: number): Handler {
  const late: Reply = {
    rcode: Rcode.servFail,
    authoritative: false,
    error: `no answer within ${timeoutMs} ms`,
  }
  return (_, next) => {
    const answer = next()
    if (!(answer instanceof Promise)) return answer
    const { promise, resolve } = Promise.withResolvers<Reply>()
    const timer = setTimeout(resolve, timeoutMs, late)
    return Promise.race([answer, promise]).finally(() => clearTimeout(timer))
  }
}
