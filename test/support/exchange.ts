import type { Exchange } from '../../src/plugins/exchange.ts'
import type { Query, Reply } from '../../src/plugins/handler.ts'
import { queryOf } from './plugin-chain.ts'

/** `web.example. A` and its reply as a server would tell those who observe. */
export function exchangeOf(
  question: string,
  reply: Reply,
  more: Partial<Exchange> & { readonly asked?: Partial<Query> } = {},
): Exchange {
  const { asked, ...rest } = more
  const query = queryOf(question, asked)
  return {
    zone: '.',
    type: query.type,
    class: query.class,
    transport: query.client.transport,
    family: query.client.family,
    dnssecOk: query.edns?.dnssecOk ?? false,
    queryBytes: query.messageBytes,
    replyBytes: 100,
    rcode: reply.rcode,
    flags: 0x8500,
    durationMs: 1.5,
    plugin: 'forward',
    query,
    reply,
    ...rest,
  }
}
