import { HttpListener, type Page, renderAddress } from './http-listener.ts'

/** All HTTP servers of probes and metrics, by address. A server whose address stays lives on. */
export class HttpListeners {
  readonly #open = new Map<string, HttpListener>()

  /** The real port of an address that is served. */
  portOf(page: Pick<Page, 'address'>): number | undefined {
    return this.#open.get(renderAddress(page.address))?.port
  }

  /**
   * Serves exactly these pages. Rejects with an error that names the address where one cannot be bound; everything is as
   * before then.
   */
  async configure(pages: readonly Page[]): Promise<void> {
    const wanted = Map.groupBy(pages, ({ address }) => renderAddress(address))
    const leaving = [...this.#open].filter(([key]) => !wanted.has(key))
    const ports = new Set(pages.map(({ address }) => address.port))
    // `:8080` is in the way of `127.0.0.1:8080`.
    const inTheWay = leaving.filter(([, listener]) => ports.has(listener.port))
    await this.#close(inTheWay)
    try {
      await this.#openNew(wanted)
    } catch (error) {
      for (const [key, listener] of inTheWay)
        this.#open.set(key, await HttpListener.open(listener.pages))
      throw error
    }
    for (const [key, pagesThere] of wanted) this.#open.get(key)!.serve(pagesThere)
    await this.#close(leaving.filter(([key]) => this.#open.has(key)))
  }

  async close(): Promise<void> {
    await this.#close([...this.#open])
  }

  async #openNew(wanted: ReadonlyMap<string, readonly Page[]>): Promise<void> {
    const opened: [string, HttpListener][] = []
    try {
      for (const [key, pages] of wanted) {
        if (!this.#open.has(key)) opened.push([key, await HttpListener.open(pages)])
      }
    } catch (error) {
      await this.#close(opened)
      throw error
    }
    for (const [key, listener] of opened) this.#open.set(key, listener)
  }

  async #close(listeners: readonly (readonly [string, HttpListener])[]): Promise<void> {
    for (const [key] of listeners) this.#open.delete(key)
    await Promise.all(listeners.map(([, listener]) => listener.close()))
  }
}
