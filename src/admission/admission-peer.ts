import type { IncomingHttpHeaders } from 'node:http'
import type { Server } from 'node:https'
import type { FastifyInstance } from 'fastify'

/** A path for the other replicas, `POST` with JSON that is given as it was sent: how it is known that a replica asks is its own matter. */
export interface PeerRoute {
  readonly maxBodyBytes: number
  /** `signal` is aborted when nobody waits any more. */
  readonly answer: (ask: PeerAsk, signal: AbortSignal) => Promise<PeerReply>
}

interface PeerAsk {
  readonly body: string
  readonly headers: IncomingHttpHeaders
}

interface PeerReply {
  readonly status: number
  /** Becomes JSON. */
  readonly body: object
}

/** Reads bodies of peers by themselves: their signatures are on bytes. `signalOf` is that of the request under way. */
export async function addPeerRoutes(
  app: FastifyInstance<Server>,
  peers: ReadonlyMap<string, PeerRoute>,
  signalOf: (request: object) => AbortSignal,
): Promise<void> {
  await app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
      done(null, body),
    )
    for (const [path, { maxBodyBytes, answer }] of peers) {
      scope.post(path, { bodyLimit: maxBodyBytes }, async ({ raw, body = '' }, reply) => {
        const ask = { body: body as string, headers: raw.headers }
        const answered = await answer(ask, signalOf(raw))
        return reply.code(answered.status).send(answered.body)
      })
    }
  })
}
