import { renderName } from '../dns/wire-name.ts'
import { parseIp } from '../lib/ip.ts'
import { reverseName } from '../dns/reverse-name.ts'

/** `1.0.96.10.in-addr.arpa.` for `10.96.0.1`; `undefined` for what is no address. */
export function reverseQuestion(address: string): string | undefined {
  const bytes = parseIp(address)
  return bytes && renderName(reverseName(bytes))
}
