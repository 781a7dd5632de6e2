import { text } from '../../corefile/text-arguments.ts'
import type { Plugin } from '../plugin.ts'

/** Addresses and names of interfaces, as written. {@link bindAddresses} makes addresses of them. */
export interface BindSettings {
  readonly to: readonly string[]
  readonly except: readonly string[]
}

/** Which addresses a server block listens on. The control thread does it. */
export const bind: Plugin<BindSettings> = {
  name: 'bind',
  isRepeatable: true,
  read(directive) {
    const to = [directive.one(text), ...directive.rest(text)]
    const except: string[] = []
    directive.block({ except: line => void except.push(line.one(text), ...line.rest(text)) })
    return { to, except }
  },
}
