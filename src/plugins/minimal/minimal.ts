import { Rcode } from '../../dns/rcode.ts'
import { RrType } from '../../dns/rr-type.ts'
import type { Handler } from '../handler.ts'
import { mapAnswer } from '../map-answer.ts'
import type { Plugin } from '../plugin.ts'

/** The types whose answers in the cluster zone come with addresses. */
const withAdditional: ReadonlySet<number> = new Set([RrType.srv, RrType.ns, RrType.mx])

/** Leaves the authority and additional sections out of answers that say what was asked. */
export const minimal: Plugin<void> = {
  name: 'minimal',
  read: directive => directive.end(),
  serve: () => ({ handle, leavesClusterAnswers: ({ type }) => !withAdditional.has(type) }),
}

const handle: Handler = (_, next) =>
  mapAnswer(next(), reply =>
    reply.rcode === Rcode.noError && reply.answers && reply.answers.length > 0
      ? { ...reply, authority: [], additional: [] }
      : reply,
  )
