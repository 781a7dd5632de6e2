import { type BindFailure } from './serving-protocol.ts'
import { renderHostPort } from '../lib/host-port.ts'
import type { Binding } from './binding.ts'
import type { QueryPipeline } from './query-pipeline.ts'
import { TcpListener } from './tcp-listener.ts'
import { UdpListener } from './udp-listener.ts'

/** How often another port is tried when the system chose one for UDP that is taken for TCP. */
const portAttempts = 20

interface Listeners {
  readonly binding: Binding
  readonly udp: UdpListener
  readonly tcp: TcpListener
}

/** All sockets of one serving thread. */
export class ThreadListeners {
  readonly #options: { readonly pipeline: QueryPipeline; readonly reusePort: boolean }
  readonly #open = new Map<string, Listeners>()

  constructor(options: { readonly pipeline: QueryPipeline; readonly reusePort: boolean }) {
    this.#options = options
  }

  get bindings(): Binding[] {
    return Array.from(this.#open.values(), listeners => listeners.binding)
  }

  /** Opens what is new in `wanted`, closes what is not in it any more, leaves the rest alone. */
  async rebind(wanted: readonly Binding[]): Promise<BindFailure[]> {
    const keys = new Set(wanted.map(renderHostPort))
    const failures: BindFailure[] = []
    for (const [key, listeners] of this.#open) {
      if (keys.has(key)) continue
      this.#open.delete(key)
      await closeListeners(listeners)
    }
    for (const binding of wanted) {
      if (this.#open.has(renderHostPort(binding))) continue
      try {
        const listeners = await this.#listen(binding)
        this.#open.set(renderHostPort(listeners.binding), listeners)
      } catch (error) {
        // Told to the control thread: one address that cannot be served does not stop the others.
        const { code = 'UNKNOWN', message } = error as NodeJS.ErrnoException
        failures.push({ binding, code, message })
      }
    }
    return failures
  }

  /** TCP first, because its clients are connected; then UDP, so that late queries are refused by the kernel at once. */
  async close(): Promise<void> {
    const all = [...this.#open.values()]
    this.#open.clear()
    await Promise.all(all.map(({ tcp }) => tcp.close()))
    await Promise.all(all.map(({ udp }) => udp.close()))
  }

  async #listen(wanted: Binding): Promise<Listeners> {
    for (let attempt = 1; ; attempt++) {
      const udp = await UdpListener.open(wanted, this.#options)
      const binding = { ...wanted, port: udp.port }
      try {
        return { binding, udp, tcp: await TcpListener.open(binding, this.#options) }
      } catch (error) {
        await udp.close()
        if (wanted.port !== 0 || attempt === portAttempts) throw error
      }
    }
  }
}

async function closeListeners({ udp, tcp }: Listeners): Promise<void> {
  await Promise.all([udp.close(), tcp.close()])
}
