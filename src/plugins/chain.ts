import { Rcode } from '../dns/rcode.ts'
import type { Handler, Query, Reply } from './handler.ts'

const refused: Reply = { rcode: Rcode.refused, authoritative: false }

/** Runs the links in order; what none of them answers is REFUSED. */
export function composeChain(
  handlers: readonly Handler[],
): (query: Query) => Reply | Promise<Reply> {
  return query => {
    const run = (position: number): Reply | Promise<Reply> => {
      const handler = handlers[position]
      return handler ? handler(query, () => run(position + 1)) : refused
    }
    return run(0)
  }
}
