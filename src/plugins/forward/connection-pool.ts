import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, createSecureContext, type SecureContext } from 'node:tls'
import { renderHostPort } from '../../lib/host-port.ts'
import type { TransportSettings } from './forward-settings.ts'
import type { Outcome, Question } from './outcome.ts'
import type { RandomIds } from './random-ids.ts'
import type { UpstreamAddress } from './upstream-address.ts'
import { UpstreamConnection } from './upstream-connection.ts'

interface PoolOptions {
  readonly transport: TransportSettings
  readonly ids: RandomIds
  readonly nowMs: () => number
  /** A question goes over a connection that was there, or over a new one. */
  readonly onTake: (connection: 'cached' | 'new') => void
}

/** Servers work through one connection in order, many of them: a second question does not wait while this many are not open. */
const mostConnections = 8

/** The connections to one upstream. */
export class ConnectionPool {
  readonly #server: UpstreamAddress
  readonly #options: PoolOptions
  #connections: UpstreamConnection[] = []
  #context: SecureContext | undefined
  #sweep: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(server: UpstreamAddress, options: PoolOptions) {
    this.#server = server
    this.#options = options
  }

  /** A connection that was there may have ended meanwhile: then the question is put again at once, over a new one. */
  async ask(question: Question, timeoutMs: number): Promise<Outcome> {
    const startedMs = this.#options.nowMs()
    const cached = this.#cached()
    this.#options.onTake(cached ? 'cached' : 'new')
    if (!cached) return this.#open().ask(question, timeoutMs)
    const outcome = await cached.ask(question, timeoutMs)
    if (outcome.kind !== 'closed' || this.#isClosed) return outcome
    const leftMs = timeoutMs - (this.#options.nowMs() - startedMs)
    this.#options.onTake('new')
    return this.#open().ask(question, Math.max(leftMs, 1))
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#sweep)
    for (const connection of this.#connections) connection.close()
    this.#connections = []
  }

  #cached(): UpstreamConnection | undefined {
    const { transport, nowMs } = this.#options
    const now = nowMs()
    this.#connections = this.#connections.filter(connection => {
      if (connection.isUsable && connection.pending > 0) return true
      const isOld = transport.maxAgeMs > 0 && now - connection.createdMs > transport.maxAgeMs
      const isStale = isOld || now - connection.usedMs > transport.expireMs
      if (connection.isUsable && !isStale) return true
      if (connection.pending === 0) connection.close()
      return false
    })
    const [least] = this.#connections.toSorted((a, b) => a.pending - b.pending)
    const isBusy = least !== undefined && least.pending > 0
    return isBusy && this.#connections.length < mostConnections ? undefined : least
  }

  #open(): UpstreamConnection {
    const { transport, ids, nowMs } = this.#options
    const connection = new UpstreamConnection(
      this.#connect(),
      this.#server.scheme === 'tls' ? 'secureConnect' : 'connect',
      {
        remote: renderHostPort(this.#server),
        ids,
        nowMs,
        onIdle: idle => this.#rest(idle, transport),
      },
    )
    this.#connections.push(connection)
    return connection
  }

  #rest(connection: UpstreamConnection, { expireMs, maxIdleConns }: TransportSettings): void {
    const idle = this.#connections.filter(({ pending }) => pending === 0).length
    if (this.#isClosed || expireMs === 0 || (maxIdleConns > 0 && idle > maxIdleConns)) {
      connection.close()
      return
    }
    this.#sweep ??= setTimeout(() => this.#letGo(expireMs), expireMs + 1).unref()
  }

  /** Closes what has been idle for too long, also where nobody asks any more. */
  #letGo(expireMs: number): void {
    this.#sweep = undefined
    this.#cached()
    if (this.#connections.length === 0 || this.#isClosed) return
    this.#sweep = setTimeout(() => this.#letGo(expireMs), expireMs + 1).unref()
  }

  #connect(): Socket {
    const { address, port, scheme, serverName } = this.#server
    const { sourceAddress } = this.#options.transport
    const target = {
      host: address,
      port,
      ...(sourceAddress === undefined ? {} : { localAddress: sourceAddress }),
    }
    if (scheme === 'dns') return connectTcp(target).on('error', noteNothing)
    return connectTls({
      ...target,
      ...(serverName === undefined ? {} : { servername: serverName }),
      secureContext: this.#secureContext(),
    }).on('error', noteNothing)
  }

  /** Made once, because it reads all CAs of the system where none is given. */
  #secureContext(): SecureContext {
    const { cert, key, ca } = this.#options.transport.tls
    return (this.#context ??= createSecureContext({
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      minVersion: 'TLSv1.2',
    }))
  }
}

/** The connection has a listener of its own; this one is there from the first moment on. */
function noteNothing(): void {}
