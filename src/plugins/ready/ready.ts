import { type ListenAddress, hostPort } from '../../corefile/address-arguments.ts'
import { oneOf } from '../../corefile/text-arguments.ts'
import type { Plugin } from '../plugin.ts'

export interface ReadySettings extends ListenAddress {
  /** `until-ready`: what has once been ready counts as ready for ever. */
  readonly monitor: 'until-ready' | 'continuously'
}

const defaultPort = 8181

/** Where `/ready` is served. The control thread does it. */
export const ready: Plugin<ReadySettings> = {
  name: 'ready',
  read(directive) {
    const address = directive.optional(hostPort(defaultPort)) ?? { host: '', port: defaultPort }
    let monitor: ReadySettings['monitor'] = 'until-ready'
    directive.block({
      monitor: line => {
        monitor = line.one(oneOf('until-ready', 'continuously'))
      },
    })
    return { ...address, monitor }
  },
}
