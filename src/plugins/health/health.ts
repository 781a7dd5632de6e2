import { type ListenAddress, hostPort } from '../../corefile/address-arguments.ts'
import { durationMs } from '../../corefile/duration-arguments.ts'
import type { Plugin } from '../plugin.ts'

export interface HealthSettings extends ListenAddress {
  /** How long everything is still answered once the shutdown has begun. */
  readonly lameduckMs: number
}

const defaultPort = 8080

/** Where `/health` is served. The control thread does it. */
export const health: Plugin<HealthSettings> = {
  name: 'health',
  read(directive) {
    const address = directive.optional(hostPort(defaultPort)) ?? { host: '', port: defaultPort }
    let lameduckMs = 0
    directive.block({
      lameduck: line => {
        lameduckMs = line.one(durationMs)
      },
    })
    return { ...address, lameduckMs }
  },
}
