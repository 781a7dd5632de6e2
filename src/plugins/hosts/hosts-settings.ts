import type { Directive } from '../../corefile/directive.ts'
import { durationMs } from '../../corefile/duration-arguments.ts'
import { countBetween } from '../../corefile/number-arguments.ts'
import { text } from '../../corefile/text-arguments.ts'
import type { BlockPlace } from '../plugin.ts'
import { readZones } from '../read-zones.ts'
import { parseHostAddress } from './host-table.ts'

/** What a `hosts` directive says. Zones are lower case with a final dot. */
export interface HostsSettings {
  readonly file: string
  /** False when the file is the default one, which may be missing without a word. */
  readonly isFileNamed: boolean
  readonly zones: readonly string[]
  /** Lines of a hosts file in the Corefile itself. */
  readonly inline: readonly string[]
  readonly ttlSeconds: number
  /** How often the file is looked at; 0 for never. */
  readonly reloadMs: number
  /** Whether the addresses have PTR records. */
  readonly hasReverse: boolean
  /** Zones whose unknown names are left to the next plugin. */
  readonly fallthrough: readonly string[]
  /** Types other than A, AAAA and PTR fall through too where the name is known. */
  readonly fallthroughUnsupported: boolean
}

const known = ['fallthrough', 'fallthrough_unsupported', 'no_reverse', 'reload', 'ttl']

/** Reads `hosts [FILE [ZONES…]] { … }`. */
export function readHosts(directive: Directive, place: BlockPlace): HostsSettings {
  const file = directive.optional(text)
  const zones = readZones(directive, place.zones)
  const inline: string[] = []
  let settings: HostsSettings = {
    file: file ?? '/etc/hosts',
    isFileNamed: file !== undefined,
    zones,
    inline,
    ttlSeconds: 3600,
    reloadMs: 5000,
    hasReverse: true,
    fallthrough: [],
    fallthroughUnsupported: false,
  }
  const set = (changes: Partial<HostsSettings>): void => {
    settings = { ...settings, ...changes }
  }
  directive.block(
    {
      ttl: line => set({ ttlSeconds: line.one(countBetween(1, 65_535)) }),
      reload: line => set({ reloadMs: line.one(durationMs) }),
      no_reverse: () => set({ hasReverse: false }),
      fallthrough: line => set({ fallthrough: readZones(line, ['.']) }),
      fallthrough_unsupported: () => set({ fallthroughUnsupported: true }),
    },
    line => {
      if (!parseHostAddress(line.name)) {
        throw directive.fail(
          `${line.name} is not a property of hosts: known are ${known.join(', ')}, and lines of a hosts file`,
        )
      }
      inline.push([line.name, line.one(text), ...line.rest(text)].join(' '))
    },
  )
  if (settings.fallthroughUnsupported && settings.fallthrough.length === 0) {
    throw directive.fail('fallthrough_unsupported is of no use without fallthrough')
  }
  return settings
}
