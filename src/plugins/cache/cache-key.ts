import { writeUint16 } from '../../dns/header.ts'
import type { Query } from '../handler.ts'
import type { KeptFor } from './reply-lifetime.ts'

const Flag = { dnssecOk: 1, checkingDisabled: 2, name: 4, failure: 8 } as const

/**
 * What a reply is kept under: name, type, class, DO and CD; a name's denial without the type. One string of one-byte
 * characters, because that is what a Map finds fastest.
 */
export function cacheKey(query: Query, kind: KeptFor['kind']): string {
  const { name, type } = query
  const bytes = Buffer.allocUnsafe(name.length + 5)
  bytes.set(name)
  writeUint16(bytes, kind === 'name' ? 0 : type, name.length)
  writeUint16(bytes, query.class, name.length + 2)
  bytes[name.length + 4] =
    (query.edns?.dnssecOk ? Flag.dnssecOk : 0) |
    (query.checkingDisabled ? Flag.checkingDisabled : 0) |
    (kind === 'name' ? Flag.name : kind === 'failure' ? Flag.failure : 0)
  return bytes.toString('latin1')
}
