import type { DirectiveText } from '../corefile/corefile.ts'
import { CorefileError } from '../corefile/corefile-error.ts'
import { Directive } from '../corefile/directive.ts'
import { Chain, type NamedLink, type Sharing } from './chain.ts'
import { chainOrder, knownElsewhere } from './chain-order.ts'
import type { AnyPlugin, BlockPlace, Plugin, SettingsOf } from './plugin.ts'
import type { BlockContext } from './serving-context.ts'

/** The directives of a server block, read and in the order of the chain. */
export class ReadBlock {
  readonly #settings: ReadonlyMap<AnyPlugin, readonly unknown[]>

  /** Throws a CorefileError for the first directive that cannot be read or does not go with others, in the order of the file. */
  constructor(directives: readonly DirectiveText[], { zones, port }: Omit<BlockPlace, 'plugins'>) {
    const place = { zones, port, plugins: new Set(directives.map(({ name }) => name)) }
    const settings = new Map<AnyPlugin, unknown[]>()
    for (const text of directives) {
      const plugin = pluginOf(text)
      const before = settings.get(plugin)
      if (before && !plugin.isRepeatable) {
        throw new CorefileError(text, `${text.name} may stand only once in a server block`)
      }
      const read: unknown = plugin.read(new Directive(text), place)
      if (before) before.push(read)
      else settings.set(plugin, [read])
    }
    this.#settings = settings
    const settingsOf: SettingsOf = name =>
      [...settings].flatMap(([plugin, said]) =>
        plugin.name === name ? (said as Record<string, unknown>[]) : [],
      )
    for (const text of directives) pluginOf(text).check?.(new Directive(text), { settingsOf })
  }

  /** The name of the view that the block is; empty when it is none. */
  get view(): string {
    for (const [plugin, [settings]] of this.#settings)
      if (plugin.viewOf) return plugin.viewOf(settings)
    return ''
  }

  /** What all directives of one plugin say, in the order of the file; empty when there is none. */
  settingsOf<Settings>(plugin: Plugin<Settings>): readonly Settings[] {
    return (this.#settings.get(plugin) ?? []) as readonly Settings[]
  }

  /** The chain of one serving thread. `share` says who does the work that is divided among them. */
  build(context: BlockContext, share: Sharing['ask']): Chain {
    const links: NamedLink[] = []
    let first: number | undefined
    for (const plugin of chainOrder) {
      const settings = this.#settings.get(plugin)
      const made = settings && plugin.serve?.(settings, { ...context, links })
      if (!made) continue
      if (plugin.isShared) first ??= links.length
      links.push({
        ...(typeof made === 'function' ? { handle: made } : made),
        name: plugin.name,
      })
    }
    return new Chain(links, first === undefined ? undefined : { first, ask: share })
  }
}

const byName = new Map(chainOrder.map(plugin => [plugin.name, plugin]))

function pluginOf(text: DirectiveText): AnyPlugin {
  const plugin = byName.get(text.name)
  if (plugin) return plugin
  throw new CorefileError(
    text,
    knownElsewhere.has(text.name)
      ? `${text.name} is a plugin of CoreDNS that Signpost does not support`
      : `Unknown directive '${text.name}': known are ${[...byName.keys()].toSorted().join(', ')}`,
  )
}
