import type { ServerOptions } from 'node:https'
import { fastify, type FastifyInstance } from 'fastify'
import type { Server } from 'node:https'
import type { KeyedCertificate } from './certificate-source.ts'
import type { AdmissionLimits } from './admission-limits.ts'
import { isDeeperThan } from './json-depth.ts'

export function secureContext({ cert, key }: KeyedCertificate): ServerOptions {
  return { cert, key, minVersion: 'TLSv1.2' }
}

/** Fastify as this server needs it: JSON only, of a bounded size and depth, and time-outs that suit an API server. */
export function createAdmissionApp(
  certificate: KeyedCertificate,
  limits: AdmissionLimits,
): FastifyInstance<Server> {
  const app = fastify({
    https: {
      ...secureContext(certificate),
      handshakeTimeout: limits.handshakeMs,
      // Both count from the connection on, whether or not a request has begun: see AdmissionPatience.
      headersTimeout: limits.idleMs,
      requestTimeout: limits.idleMs,
    },
    requestTimeout: limits.idleMs,
    connectionTimeout: limits.idleMs,
    keepAliveTimeout: limits.idleMs,
    maxRequestsPerSocket: limits.requestsPerConnection,
    bodyLimit: limits.bodyBytes,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    // Who comes while the server closes is told when to come again.
    return503OnClosing: false,
    exposeHeadRoutes: false,
  })
  app.removeAllContentTypeParsers()
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (isDeeperThan(body as Buffer, limits.depth)) done(badRequest('too deep'), undefined)
    else void parse(request, body.toString(), done)
  })
  app.server.maxConnections = limits.connections
  return app
}

function badRequest(message: string): Error {
  return Object.assign(new Error(message), { statusCode: 400 })
}
