import { parseName } from '../dns/wire-name.ts'
import type { MetricCells } from '../lib/metric-cells.ts'
import { ReadBlock } from '../plugins/build-chain.ts'
import type { Sharing } from '../plugins/chain.ts'
import type { BlockContext } from '../plugins/serving-context.ts'
import { ZoneCounters } from '../plugins/zone-counters.ts'
import { BlockRouter } from './block-router.ts'
import type { KeptStates } from './kept-states.ts'
import { ServedBlock } from './served-block.ts'
import type { BlockConfiguration, ListenerConfiguration } from './serving-protocol.ts'

/** What is alike for all blocks of a thread. */
export type ThreadServices = Omit<BlockContext, 'block' | 'keep'>

/** The blocks of a configuration at work, in one serving thread. */
export class ThreadConfiguration {
  readonly blocks: ReadonlyMap<string, ServedBlock>
  readonly #blocks: readonly ServedBlock[]
  readonly #servers: readonly string[]
  readonly #metrics: MetricCells

  /** Throws what a plugin throws that cannot be made; nothing is left of it then but in `kept`. */
  constructor(
    configurations: readonly BlockConfiguration[],
    services: ThreadServices,
    {
      kept,
      share,
    }: { readonly kept: KeptStates; readonly share: (block: string) => Sharing['ask'] },
  ) {
    const blocks = new Map<string, ServedBlock>()
    this.#metrics = services.metrics
    this.#servers = configurations.map(({ server }) => server)
    this.#blocks = configurations.map(({ zones, port, server, directives }) => {
      const read = new ReadBlock(directives, { zones, port })
      const { view } = read
      // Views of the same zones are blocks of their own.
      const key = `${server} ${zones.join(' ')} ${view}`
      const context: BlockContext = {
        ...services,
        block: { server, zones, view },
        keep: (name, make) => kept.keep(`${key} ${name}`, make),
      }
      const block = new ServedBlock(
        zones.map(zone => parseName(zone)!),
        read.build(context, share(key)),
      )
      blocks.set(key, block)
      return block
    })
    this.blocks = blocks
  }

  routerOf(listener: ListenerConfiguration): BlockRouter {
    const [first = 0] = listener.blocks
    const server = this.#servers[first] ?? ''
    let counters: ZoneCounters | undefined
    return new BlockRouter(
      listener.blocks.map(index => this.#blocks[index]!),
      exchange => {
        // No series until there is something to count.
        counters ??= new ZoneCounters(this.#metrics, { server, zone: exchange.zone, view: '' })
        counters.count(exchange)
      },
    )
  }

  close(): void {
    for (const block of this.#blocks) block.chain.close()
  }
}
