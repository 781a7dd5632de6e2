import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createSecureServer, type Http2SecureServer } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import type { ApiAccess } from '../../src/reflector/api-access.ts'
import { FakeApiCall } from './fake-api-call.ts'
import { type FakeObject, type LogEntry, ObjectLog, type StoredObject } from './object-log.ts'

interface Watcher {
  readonly call: FakeApiCall
  /** The last change that it was sent. */
  version: number
}

/**
 * An API server that a test breaks. It serves lists in pages, watches and streamed lists of the objects in `log`, over HTTP or,
 * with a certificate, over TLS with HTTP/2 preferred, as kube-apiserver does. Each call goes through `behave`.
 */
export class FakeApiServer implements AsyncDisposable {
  readonly log = new ObjectLog()
  readonly calls: FakeApiCall[] = []
  behave: (call: FakeApiCall) => void = call => call.serve()
  /** Streamed lists are known, Kubernetes ≥ 1.32. */
  hasStreamedLists = true
  readonly #server: Server | Http2SecureServer
  readonly #sockets = new Set<Socket>()
  readonly #watchers = new Set<Watcher>()
  readonly #scheme: 'http' | 'https'
  /** What it has heard from its store, where that is not everything. */
  #heldVersion: number | undefined

  private constructor(server: Server | Http2SecureServer, scheme: 'http' | 'https') {
    this.#server = server
    this.#scheme = scheme
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => this.#sockets.delete(socket))
    })
    this.log.onEntry = entry => this.#tell(entry)
  }

  static async open(tls?: { readonly cert: string; readonly key: string }): Promise<FakeApiServer> {
    const server = tls ? createSecureServer({ ...tls, allowHTTP1: true }) : createServer()
    const fake = new FakeApiServer(server, tls ? 'https' : 'http')
    // Both kinds of server hand over what HTTP/1.1 asks in the same form.
    ;(server as Server).on('request', (request, response) => {
      const call = new FakeApiCall(fake.calls.length, request, response)
      call.serve = () => fake.#serve(call)
      fake.calls.push(call)
      response.on('error', () => {})
      fake.behave(call)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return fake
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.port}`
  }

  get access(): ApiAccess {
    const base = new URL(this.url)
    return { server: this.url, connect: async () => ({ base, options: {} }) }
  }

  get openSockets(): number {
    return this.#sockets.size
  }

  put(collection: string, object: FakeObject): StoredObject {
    return this.log.put(collection, object)
  }

  delete(collection: string, object: FakeObject): boolean {
    return this.log.delete(collection, object)
  }

  /** Serves no change from now on until `catchUp`. */
  lag(): void {
    this.#heldVersion ??= this.log.version
  }

  catchUp(): void {
    this.#heldVersion = undefined
    for (const watcher of this.#watchers) this.#send(watcher)
  }

  /** Tells every watch how far it is, where that is further than it knows. */
  bookmark(): void {
    for (const watcher of this.#watchers) {
      this.#send(watcher)
      if (this.#version <= watcher.version) continue
      watcher.version = this.#version
      watcher.call.bookmark(this.#version)
    }
  }

  /** Ends every watch in order. */
  endWatches(): void {
    for (const { call } of this.#watchers) call.end()
    this.#watchers.clear()
  }

  /** Resets every connection. */
  hangUp(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  /** Another certificate for connections to come. */
  setCertificate(tls: { readonly cert: string; readonly key: string }): void {
    ;(this.#server as Http2SecureServer).setSecureContext(tls)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise(resolve => this.#server.close(resolve))
  }

  get #version(): number {
    return Math.min(this.#heldVersion ?? Infinity, this.log.version)
  }

  #serve(call: FakeApiCall): void {
    if (call.kind === 'list') return this.#list(call)
    return call.kind === 'init' ? this.#init(call) : this.#watch(call)
  }

  #list(call: FakeApiCall): void {
    const limit = Number(call.query.get('limit') ?? Infinity)
    const [version = this.log.version, start = 0] =
      call.query.get('continue')?.split('-').map(Number) ?? []
    if (version < this.log.compacted) return call.refuse(410, { reason: 'Expired' })
    const all = this.#objects(call, version)
    const end = start + limit
    const metadata = {
      resourceVersion: String(version),
      ...(end < all.length && { continue: `${version}-${end}` }),
    }
    const text = JSON.stringify({ kind: 'List', metadata, items: all.slice(start, end) })
    call.head({ 'content-length': String(Buffer.byteLength(text)) }).text(text)
    call.end()
  }

  #init(call: FakeApiCall): void {
    if (!this.hasStreamedLists) return call.refuse(422, { reason: 'Invalid' })
    const asked = call.query.get('resourceVersion')
    // '' is as new as the store, which an API server waits for.
    const needed = asked === '' ? this.log.version : Number(asked)
    if (needed > this.#version) return tooLarge(call, needed)
    call.head()
    for (const object of this.#objects(call, this.#version)) call.frame('ADDED', object)
    call.endOfInitialEvents(this.#version)
    this.#follow(call, this.#version)
  }

  #watch(call: FakeApiCall): void {
    const version = Number(call.query.get('resourceVersion'))
    call.head()
    if (version < this.log.compacted) call.error(410, { reason: 'Expired' }).end()
    else this.#follow(call, version)
  }

  #follow(call: FakeApiCall, version: number): void {
    const watcher = { call, version }
    this.#watchers.add(watcher)
    call.response.once('close', () => this.#watchers.delete(watcher))
    this.#send(watcher)
  }

  #objects({ collection, namespace }: FakeApiCall, version: number): StoredObject[] {
    return this.log
      .list(collection, version)
      .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
  }

  #tell({ collection }: LogEntry): void {
    for (const watcher of this.#watchers)
      if (watcher.call.collection === collection) this.#send(watcher)
  }

  #send(watcher: Watcher): void {
    const { call } = watcher
    // An API server that is behind its client sends nothing, and says nothing of it.
    for (const { version, type, object } of this.log.since(call.collection, watcher.version)) {
      if (version > this.#version) break
      watcher.version = version
      if (call.namespace === undefined || object.metadata.namespace === call.namespace)
        call.frame(type, object)
    }
  }
}

function tooLarge(call: FakeApiCall, version: number): void {
  call.refuse(504, {
    reason: 'Timeout',
    message: `Timeout: Too large resource version: ${version}`,
    details: { causes: [{ reason: 'ResourceVersionTooLarge' }] },
  })
}
