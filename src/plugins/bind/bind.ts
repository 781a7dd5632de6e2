import { text } from '../../corefile/text-arguments.ts'
import type { Plugin } from '../plugin.ts'

export interface BindSettings {
  readonly addresses: readonly string[]
  readonly except: readonly string[]
}

export const bind: Plugin<BindSettings> = {
  name: 'bind',
  read: directive => {
    const addresses = [directive.one(text), ...directive.rest(text)]
    const except: string[] = []
    directive.block({ except: line => except.push(line.one(text), ...line.rest(text)) })
    return { addresses, except }
  },
}
