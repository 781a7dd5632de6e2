import type { Plugin } from '../plugin.ts'

/** Is accepted, and changes nothing: what a handler throws costs one query, and is logged whole, in any case. */
export const debug: Plugin<void> = {
  name: 'debug',
  read: directive => directive.end(),
}
