import { countBetween } from '../../corefile/number-arguments.ts'
import type { Plugin } from '../plugin.ts'

export interface MultisocketSettings {
  /** `undefined`: one for each processor. */
  readonly sockets: number | undefined
}

/** How many sockets share a port: one for each serving thread, so this asks for threads. The control thread does it. */
export const multisocket: Plugin<MultisocketSettings> = {
  name: 'multisocket',
  read(directive) {
    const sockets = directive.optional(countBetween(1, 1024))
    directive.end()
    return { sockets }
  },
}
