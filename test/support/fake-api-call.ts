import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** What a broken connection does to an answer at some byte of it. */
export type Break = 'reset' | 'cut off' | 'end' | 'garbage' | 'stall'

/** One request to a fake API server: what was asked, and every way to answer it. */
export class FakeApiCall {
  /** How many requests there were before this one. */
  readonly number: number
  readonly kind: 'init' | 'watch' | 'list'
  /** `/api/v1/services` */
  readonly collection: string
  /** Of one namespace only. */
  readonly namespace: string | undefined
  readonly query: URLSearchParams
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Answers as an API server does. */
  serve: () => void = () => {}
  #break: { left: number; how: Break } | undefined
  #isBroken = false

  constructor(number: number, request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url!, 'http://fake')
    const [, root, namespace, plural] =
      /^(.*?\/v\d\w*)(?:\/namespaces\/([^/]+))?\/(\w+)$/.exec(url.pathname) ?? []
    this.number = number
    this.collection = `${root}/${plural}`
    this.namespace = namespace
    this.query = url.searchParams
    this.kind = kindOf(url.searchParams)
    this.request = request
    this.response = response
  }

  get socket(): Socket {
    return this.request.socket
  }

  /** Breaks the answer after as many bytes of its body. */
  breakAfter(bytes: number, how: Break): this {
    this.#break = { left: bytes, how }
    return this
  }

  /** An error of HTTP with a Status. */
  refuse(code: number, fields: Readonly<Record<string, unknown>> = {}, headers = {}): void {
    this.response.writeHead(code, { 'content-type': 'application/json', ...headers })
    this.response.end(JSON.stringify(status(code, fields)))
  }

  head(headers: Readonly<Record<string, string>> = {}): this {
    this.response.writeHead(200, { 'content-type': 'application/json', ...headers })
    this.response.flushHeaders()
    return this
  }

  frame(type: string, object: unknown): this {
    return this.text(`${JSON.stringify({ type, object })}\n`)
  }

  bookmark(version: number | string, annotations?: Readonly<Record<string, string>>): this {
    const metadata = { resourceVersion: String(version), ...(annotations && { annotations }) }
    return this.frame('BOOKMARK', { metadata })
  }

  endOfInitialEvents(version: number | string): this {
    return this.bookmark(version, { 'k8s.io/initial-events-end': 'true' })
  }

  error(code: number, fields: Readonly<Record<string, unknown>> = {}): this {
    return this.frame('ERROR', status(code, fields))
  }

  text(text: string | Buffer): this {
    if (this.#isBroken || this.response.writableEnded || this.response.destroyed) return this
    const bytes = Buffer.from(text)
    if (!this.#break || bytes.length <= this.#break.left) {
      if (this.#break) this.#break.left -= bytes.length
      this.response.write(bytes)
      return this
    }
    this.#isBroken = true
    this.response.write(bytes.subarray(0, this.#break.left), () => this.#breakNow())
    return this
  }

  /** In order. */
  end(): void {
    if (!this.#isBroken) this.response.end()
  }

  /** As when the machine is gone. */
  reset(): void {
    this.#isBroken = true
    this.socket.resetAndDestroy()
  }

  /** What was written still arrives, and then nothing. */
  cutOff(): void {
    this.#isBroken = true
    this.socket.end()
  }

  #breakNow(): void {
    if (this.#break?.how === 'reset') this.socket.resetAndDestroy()
    if (this.#break?.how === 'cut off') this.socket.end()
    if (this.#break?.how === 'end') this.response.end()
    if (this.#break?.how === 'garbage') this.response.end('{"type":"ADDED","object":{]}\n')
  }
}

function kindOf(query: URLSearchParams): FakeApiCall['kind'] {
  if (query.get('watch') === null) return 'list'
  return query.get('sendInitialEvents') === 'true' ? 'init' : 'watch'
}

function status(code: number, fields: Readonly<Record<string, unknown>>): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message: '', ...fields }
}
