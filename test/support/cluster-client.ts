import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { createInterface } from 'node:readline'
import { loadAll } from 'js-yaml'
import type { KeyPair } from './cluster-certificates.ts'
import { type ApiManifest, manifestPath } from './api-paths.ts'

/** Far more than any controller takes. */
const patienceMs = 30_000
/** Requests at the same time where there are many objects. */
const parallel = 16

interface Collection {
  readonly metadata: { readonly resourceVersion: string }
  readonly items: readonly ApiManifest[]
}

/** Speaks to an API server as its administrator. Knows nothing of the program under test, so that both cannot be wrong alike. */
export class ClusterClient implements Disposable {
  readonly #server: string
  readonly #agent: Agent

  constructor(server: string, ca: string, { cert, key }: KeyPair) {
    this.#server = server
    this.#agent = new Agent({
      keepAlive: true,
      ca: readFileSync(ca),
      cert: readFileSync(cert),
      key: readFileSync(key),
    })
  }

  /** Rejects with what the server says when it refuses. */
  async send(method: string, path: string, body?: object): Promise<unknown> {
    const response = await this.#request(method, path, body)
    const text = Buffer.concat(await response.toArray()).toString()
    if (response.statusCode! < 300) return path === '/readyz' ? text : JSON.parse(text)
    throw new Error(`${method} ${path}: ${response.statusCode} ${text}`, {
      cause: response.statusCode,
    })
  }

  async isReady(): Promise<boolean> {
    try {
      return (await this.send('GET', '/readyz')) === 'ok'
    } catch {
      // It does not listen yet, or is not ready: the same to who waits.
      return false
    }
  }

  /** Creates or changes what a YAML text says, in its order: `kubectl apply --server-side`. */
  async apply(yaml: string): Promise<void> {
    for (const manifest of loadAll(yaml)) await this.put(manifest as ApiManifest)
  }

  async put(manifest: ApiManifest): Promise<void> {
    await this.send('PATCH', `${manifestPath(manifest)}?fieldManager=test&force=true`, manifest)
  }

  /** Many, in no order. */
  async putAll(manifests: readonly ApiManifest[]): Promise<void> {
    await inParallel(manifests, manifest => this.put(manifest))
  }

  /** Many, in no order; those that are gone already are well. */
  async deleteAll(manifests: readonly ApiManifest[]): Promise<void> {
    await inParallel(manifests, async manifest => {
      await this.delete(manifestPath(manifest))
    })
  }

  /** At once, as `kubectl delete --force` does, or with a grace period in which a Pod is terminating. */
  async delete(path: string, gracePeriodSeconds = 0): Promise<void> {
    try {
      await this.send('DELETE', path, { gracePeriodSeconds })
    } catch (error) {
      if ((error as Error).cause !== 404) throw error
    }
  }

  /** Says of an object what a kubelet would say. */
  async patchStatus(path: string, status: object): Promise<void> {
    await this.send('PATCH', `${path}/status`, { status })
  }

  /** Waits until the objects of a collection, a path with or without selectors, are as `isDone` says, and gives them. */
  async until(
    path: string,
    isDone: (items: readonly ApiManifest[]) => boolean,
  ): Promise<readonly ApiManifest[]> {
    const list = (await this.send('GET', path)) as Collection
    const items = new Map(list.items.map(item => [item.metadata.name, item]))
    if (isDone([...items.values()])) return [...items.values()]
    const version = list.metadata.resourceVersion
    const joint = path.includes('?') ? '&' : '?'
    const watch = await this.#request('GET', `${path}${joint}watch=1&resourceVersion=${version}`)
    const timer = setTimeout(
      () => watch.destroy(new Error(`Waited in vain for ${path}`)),
      patienceMs,
    )
    try {
      for await (const line of createInterface({ input: watch })) {
        const { type, object } = JSON.parse(line) as { type: string; object: ApiManifest }
        if (type === 'DELETED') items.delete(object.metadata.name)
        else items.set(object.metadata.name, object)
        if (isDone([...items.values()])) return [...items.values()]
      }
    } finally {
      clearTimeout(timer)
      watch.destroy()
    }
    throw new Error(`Waited in vain for ${path}`)
  }

  async #request(method: string, path: string, body?: object): Promise<IncomingMessage> {
    const isApply = path.includes('fieldManager=')
    const type = method === 'PATCH' ? (isApply ? 'apply-patch+yaml' : 'merge-patch+json') : 'json'
    const text = body === undefined ? '' : JSON.stringify(body)
    const sent = request(`${this.#server}${path}`, {
      method,
      agent: this.#agent,
      headers: {
        'content-type': `application/${type}`,
        // Node says no length for DELETE by itself.
        'content-length': Buffer.byteLength(text),
      },
    })
    sent.end(text)
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    return response
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }
}

async function inParallel<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = items.values()
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      // One iterator for all workers: each item is taken once.
      for (const item of rest) await work(item)
    }),
  )
}
