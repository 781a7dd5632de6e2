import { hostPort } from '../../corefile/address-arguments.ts'
import { count } from '../../corefile/number-arguments.ts'
import type { Plugin } from '../plugin.ts'

/** Profiles of a Go program, which this is not: the directive is read, and a line of the log says so. */
export const pprof: Plugin<undefined> = {
  name: 'pprof',
  read(directive) {
    directive.optional(hostPort(6053))
    directive.block({ block: line => void line.optional(count) })
    return undefined
  },
  serve(_settings, { keep, log, thread }) {
    // Kept, so that it is said once and not at every change of the Corefile.
    if (thread.index === 0) {
      keep('notice', () => {
        log.warn(
          'pprof',
          'there are no Go profiles here: nothing listens; node --inspect profiles Node',
        )
        return { close: () => {} }
      })
    }
    return undefined
  },
}
