import type { Directive } from '../../corefile/directive.ts'
import { oneOf } from '../../corefile/text-arguments.ts'
import type { Handler, Reply } from '../handler.ts'
import { mapAnswer } from '../map-answer.ts'
import type { Plugin } from '../plugin.ts'

/** What the flags of a message are set to; those that are absent stay. */
interface Flags {
  aa?: boolean
  ra?: boolean
  rd?: boolean
}

/** What a `header` directive says. */
interface HeaderSettings {
  readonly query: Readonly<Flags>
  readonly response: Readonly<Flags>
}

const flag = oneOf('aa', 'ra', 'rd')

/** Sets and clears flags of queries and replies. */
export const header: Plugin<HeaderSettings> = {
  name: 'header',
  read(directive) {
    const query: Flags = {}
    const response: Flags = {}
    directive.block({
      query: line => readRule(line, query),
      response: line => readRule(line, response),
    })
    if (Object.keys({ ...query, ...response }).length === 0) {
      throw directive.fail('expected a block with query or response rules')
    }
    return { query, response }
  },
  serve([settings]) {
    const { query: asked, response } = settings!
    const handle: Handler = (query, next) => {
      const recursionDesired = asked.rd ?? query.recursionDesired
      const answer = next({ ...query, recursionDesired })
      return mapAnswer(answer, reply => withFlags(reply, response))
    }
    // These say AA, not RA, and RD as the client does.
    const leavesClusterAnswers =
      response.aa !== false && response.ra !== true && response.rd === undefined
    return { handle, leavesClusterAnswers }
  },
}

/** `set aa rd`: a later rule wins. */
function readRule(line: Directive, flags: Flags): void {
  const value = line.one(oneOf('set', 'clear')) === 'set'
  for (const name of [line.one(flag), ...line.rest(flag)]) flags[name] = value
}

function withFlags(reply: Reply, { aa, ra, rd }: Flags): Reply {
  return {
    ...reply,
    ...(aa !== undefined && { authoritative: aa }),
    ...(ra !== undefined && { recursionAvailable: ra }),
    ...(rd !== undefined && { recursionDesired: rd }),
  }
}
