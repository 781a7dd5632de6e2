import { type BindFailure, bindFailure } from './bind-failure.ts'
import { type Binding, renderBinding } from './binding.ts'
import type { BlockRouter } from './block-router.ts'
import type { QueryPipeline } from './query-pipeline.ts'
import type { ListenerConfiguration } from './serving-protocol.ts'
import { TcpListener } from './tcp-listener.ts'
import { UdpListener } from './udp-listener.ts'

/** How often another port is tried when the system chose one for UDP that is taken for TCP. */
const portAttempts = 20

/** A listener as it is to be, with what answers there. */
export interface WantedListener extends Omit<ListenerConfiguration, 'blocks'> {
  readonly pipeline: QueryPipeline
  readonly router: BlockRouter
}

interface Listeners {
  readonly binding: Binding
  readonly udp: UdpListener | undefined
  readonly tcp: TcpListener
}

/** All sockets of one serving thread. */
export class ThreadListeners {
  readonly #reusePort: boolean
  readonly #open = new Map<string, Listeners>()

  constructor(reusePort: boolean) {
    this.#reusePort = reusePort
  }

  get bindings(): Binding[] {
    return Array.from(this.#open.values(), listeners => listeners.binding)
  }

  /** Opens what is new in `wanted`, closes what is not in it any more; sockets that stay only get what answers there. */
  async rebind(wanted: readonly WantedListener[]): Promise<BindFailure[]> {
    const keys = new Set(wanted.map(({ binding }) => renderBinding(binding)))
    const failures: BindFailure[] = []
    for (const listener of wanted) {
      const open = this.#open.get(renderBinding(listener.binding))
      open?.udp?.serve(listener)
      open?.tcp.serve(listener)
    }
    for (const [key, listeners] of this.#open) {
      if (keys.has(key)) continue
      this.#open.delete(key)
      await closeListeners(listeners)
    }
    for (const listener of wanted) {
      const { binding } = listener
      if (this.#open.has(renderBinding(binding))) continue
      try {
        const listeners = await this.#listen(listener)
        this.#open.set(renderBinding(listeners.binding), listeners)
      } catch (error) {
        // Told to the control thread: one address that cannot be served does not stop the others.
        failures.push(bindFailure(binding, error))
      }
    }
    return failures
  }

  /** TCP first, because its clients are connected; then UDP, so that late queries are refused by the kernel at once. */
  async close(): Promise<void> {
    const all = [...this.#open.values()]
    this.#open.clear()
    await Promise.all(all.map(({ tcp }) => tcp.close()))
    await Promise.all(all.flatMap(({ udp }) => udp?.close() ?? []))
  }

  async #listen(listener: WantedListener): Promise<Listeners> {
    const wanted = listener.binding
    const reusePort = this.#reusePort
    if (wanted.scheme === 'tls') {
      const tcp = await TcpListener.open(listener, reusePort)
      return { binding: { ...wanted, port: tcp.port }, udp: undefined, tcp }
    }
    for (let attempt = 1; ; attempt++) {
      const udp = await UdpListener.open(listener, reusePort)
      const binding = { ...wanted, port: udp.port }
      try {
        return { binding, udp, tcp: await TcpListener.open({ ...listener, binding }, reusePort) }
      } catch (error) {
        await udp.close()
        if (wanted.port !== 0 || attempt === portAttempts) throw error
      }
    }
  }
}

async function closeListeners({ udp, tcp }: Listeners): Promise<void> {
  await Promise.all([tcp.close(), ...(udp ? [udp.close()] : [])])
}
