import type { UpstreamQuery } from '../../dns/query-writer.ts'
import type { UpstreamReply } from '../../dns/upstream-reply.ts'

/** A question to an upstream; each message has an id of its own. */
export type Question = Omit<UpstreamQuery, 'id'>

/** What came of asking one server once. */
export type Outcome = { readonly kind: 'reply'; readonly reply: UpstreamReply } | Failure

export interface Failure {
  /**
   * `unreachable`: refused, no route, no TLS. `closed`: the connection ended before the reply. `suspicious`: messages that do
   * not answer the question came instead. `respelled`: a reply without the letter case that was sent. `malformed`: the server is
   * there but does not make sense.
   */
  readonly kind: 'timeout' | 'unreachable' | 'closed' | 'suspicious' | 'respelled' | 'malformed'
  /** In Go's words, which people look for in logs: `read udp 10.0.0.1:5353->8.8.8.8:53: i/o timeout`. */
  readonly text: string
}

/** What the system says, in the words of Go's syscall package. */
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by peer',
  EPIPE: 'broken pipe',
  ENETUNREACH: 'network is unreachable',
  EHOSTUNREACH: 'no route to host',
  ETIMEDOUT: 'connection timed out',
  EADDRNOTAVAIL: 'cannot assign requested address',
  EINVAL: 'invalid argument',
  EMFILE: 'too many open files',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
}

/** Where a message went: what stands before the reason of a failure. */
export interface Way {
  readonly network: 'udp' | 'tcp'
  /** Address and port of this end; `undefined` while there is no connection. */
  readonly local: string | undefined
  readonly remote: string
}

/** `read udp 10.0.0.1:5353->8.8.8.8:53: i/o timeout`, or `dial tcp 8.8.8.8:53: i/o timeout` without a connection. */
export function timeoutText(way: Way): string {
  return `${placeText(way)}: i/o timeout`
}

export function errorText(error: NodeJS.ErrnoException, way: Way): string {
  const call = way.local === undefined ? 'connect' : 'read'
  const reason = reasons[error.code ?? '']
  return `${placeText(way)}: ${reason === undefined ? error.message : `${call}: ${reason}`}`
}

function placeText({ network, local, remote }: Way): string {
  return local === undefined ? `dial ${network} ${remote}` : `read ${network} ${local}->${remote}`
}
