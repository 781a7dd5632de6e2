/**
 * `admission-subject.ts signpost|echo CERT KEY SERVICES`: a server for the benchmark, in a process of its own, which prints its port.
 * `echo` is the least that Fastify can do over TLS: it parses the review and allows it.
 */
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { fastify } from 'fastify'
import { AdmissionServer } from '../src/admission/admission-server.ts'
import type { Reviewer } from '../src/admission/review.ts'
import { prependShared } from '../src/admission/shared-list.ts'
import { serviceVariables } from '../src/environment/service-variables.ts'
import { MetricCells } from '../src/lib/metric-cells.ts'
import { rawArray, rawObject } from '../src/objects/raw-value.ts'
import { servicesOf } from './admission-objects.ts'

const [subject, cert = '', key = '', services = '0'] = process.argv.slice(2)
const certificate = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
const port = subject === 'echo' ? await serveEcho() : await serveSignpost()
process.stdout.write(`${port}\n`)

async function serveEcho(): Promise<number> {
  const app = fastify({ https: certificate, bodyLimit: 16 * 2 ** 20 })
  app.post('/pods', async ({ body }) => {
    const { apiVersion, kind, request } = body as {
      readonly apiVersion: string
      readonly kind: string
      readonly request: { readonly uid: string }
    }
    return { apiVersion, kind, response: { uid: request.uid, allowed: true } }
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as AddressInfo).port
}

async function serveSignpost(): Promise<number> {
  const silent = { info() {}, warn() {}, error() {} }
  const server = await AdmissionServer.open(
    {
      reviewers: new Map([['/pods', podReviewer()]]),
      certificate,
      isReady: () => true,
      logger: silent,
      cells: new MetricCells(() => {}),
    },
    { host: '127.0.0.1', port: 0 },
  )
  return server.port
}

/** Writes the variables of the namespace in front of every container's own. They are worked out once, because Services change seldom. */
function podReviewer(): Reviewer {
  const all = servicesOf(Number(services))
  const { variables } = serviceVariables(all, { namespace: 'shop', enableServiceLinks: true })
  const entries = variables.map(({ name, value }) => ({ name, value }))
  return ({ object }) => {
    const containers = rawArray(rawObject(rawObject(object)['spec'])['containers'])
    const patch = containers.map((container, index) => ({
      op: 'replace' as const,
      path: `/spec/containers/${index}/env`,
      value: prependShared<unknown>(entries, rawArray(rawObject(container)['env'])),
    }))
    return { allowed: true, patch, warnings: [], audit: {}, outcome: 'injected' }
  }
}
