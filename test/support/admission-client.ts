import { once } from 'node:events'
import { Agent, request } from 'node:https'
import type { IncomingHttpHeaders } from 'node:http'
import { connect, type TLSSocket } from 'node:tls'
import type { Test } from 'tap'
import type { KeyedCertificate } from '../../src/admission/certificate-source.ts'
import {
  AdmissionServer,
  type AdmissionServerOptions,
} from '../../src/admission/admission-server.ts'
import { seriesKey } from '../../src/lib/metric-cells.ts'
import { MetricTotals } from '../../src/ops/metric-totals.ts'
import { CertificateAuthority } from './certificate-authority.ts'

export const authority = new CertificateAuthority('authority')

export function issueServing(): KeyedCertificate {
  return authority.issue('webhook', ['127.0.0.1'])
}

const json = { 'content-type': 'application/json' }

export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The number of the connection's local port. */
  readonly connection: number
}

export interface HttpAsk {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  readonly agent?: Agent
  /** In chunks, without a length. */
  readonly length?: 'untold'
}

/** One request to a server whose certificate {@link issueServing} has made. */
export async function askAdmission(
  port: number,
  { method = 'POST', path = '/pods', body, agent, length, headers = json }: HttpAsk,
): Promise<HttpAnswer> {
  const hasLength = body !== undefined && length !== 'untold'
  const asking = request({
    host: '127.0.0.1',
    port,
    ca: authority.cert,
    method,
    path,
    headers: {
      ...headers,
      ...(hasLength && { 'content-length': String(Buffer.byteLength(body)) }),
    },
    ...(agent && { agent }),
  })
  asking.end(body)
  const [response] = await once(asking, 'response')
  // The server may have answered, and closed, before it has read everything.
  asking.on('error', () => {})
  const connection = response.socket.localPort
  const chunks: Buffer[] = await response.toArray()
  const text = Buffer.concat(chunks).toString()
  return { status: response.statusCode, headers: response.headers, text, connection }
}

/** A server on loopback and what was counted and logged there; it goes with the test. */
export class AskedAdmission {
  readonly server: AdmissionServer
  readonly logged: string[]
  readonly totals: MetricTotals
  readonly #agent = new Agent({ ca: authority.cert, keepAlive: true })

  constructor(server: AdmissionServer, logged: string[], totals: MetricTotals) {
    this.server = server
    this.logged = logged
    this.totals = totals
  }

  static async open(
    t: Test,
    options: Pick<AdmissionServerOptions, 'reviewers'> & Partial<AdmissionServerOptions>,
  ): Promise<AskedAdmission> {
    const totals = new MetricTotals()
    const logged: string[] = []
    const log = (message: string, fields: object = {}): void => {
      logged.push(`${message} ${JSON.stringify(fields)}`)
    }
    const server = await AdmissionServer.open(
      {
        certificate: issueServing(),
        isReady: () => true,
        logger: { info: log, warn: log, error: log },
        cells: totals.control,
        ...options,
      },
      { host: '127.0.0.1', port: 0 },
    )
    const asked = new AskedAdmission(server, logged, totals)
    t.teardown(async () => {
      asked.#agent.destroy()
      await server.close()
    })
    return asked
  }

  /** One request, on a connection that is kept. */
  async ask(ask: HttpAsk): Promise<HttpAnswer> {
    return await askAdmission(this.server.port, { agent: this.#agent, ...ask })
  }

  async review(body: unknown, ask: Omit<HttpAsk, 'body'> = {}): Promise<HttpAnswer> {
    return await this.ask({ ...ask, body: JSON.stringify(body) })
  }

  /** A connection whose handshake is done. */
  async connect(): Promise<TLSSocket> {
    const socket = connect({ host: '127.0.0.1', port: this.server.port, ca: authority.cert })
    await once(socket, 'secureConnect')
    return socket
  }

  /** The value of one series. */
  metric(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const family = this.totals.families().find(family => family.name === name)
    const wanted = seriesKey(name, labels)
    return family?.samples.find(sample => seriesKey(name, sample.labels) === wanted)?.values[0]
  }
}

/** The review of a Pod's creation, with some fields of `request` otherwise. */
export function reviewOf(changes: Readonly<Record<string, unknown>> = {}): object {
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: 'c2b1',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      operation: 'CREATE',
      namespace: 'default',
      name: 'web',
      userInfo: { username: 'somebody' },
      object: { metadata: { name: 'web' }, spec: { containers: [] } },
      oldObject: null,
      dryRun: false,
      ...changes,
    },
  }
}
