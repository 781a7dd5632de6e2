import { oneOf, text } from '../../corefile/text-arguments.ts'
import type { Plugin } from '../plugin.ts'

/** Paths of PEM files, and what is asked of clients. */
export interface TlsSettings {
  readonly cert: string
  readonly key: string
  readonly ca: string | undefined
  readonly clientAuth: 'none' | 'request' | 'require'
}

/** Go's names for what is asked of clients, and ours. */
const clientAuths = {
  nocert: 'none',
  request: 'request',
  require: 'request',
  verify_if_given: 'request',
  require_and_verify: 'require',
} as const

/** Certificate of a server block that is served over TLS. For the control thread, which opens the files. */
export const tls: Plugin<TlsSettings> = {
  name: 'tls',
  read: directive => {
    const cert = directive.one(text)
    const key = directive.one(text)
    const ca = directive.optional(text)
    let clientAuth: TlsSettings['clientAuth'] = 'none'
    directive.block({
      client_auth: line => {
        const names = Object.keys(clientAuths) as (keyof typeof clientAuths)[]
        clientAuth = clientAuths[line.one(oneOf(...names))]
      },
    })
    return { cert, key, ca, clientAuth }
  },
}
