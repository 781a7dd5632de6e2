import { cidr } from '../../corefile/address-arguments.ts'
import type { Directive } from '../../corefile/directive.ts'
import { durationMs } from '../../corefile/duration-arguments.ts'
import { oneOf, text } from '../../corefile/text-arguments.ts'
import type { Cidr } from '../../lib/cidr.ts'

/** What a `loadbalance` directive says. */
export interface LoadbalanceSettings {
  /** The weights' file; without it every order is as likely as any other. */
  readonly weights: { readonly file: string; readonly reloadMs: number } | undefined
  /** Networks whose addresses come first, in this order. */
  readonly prefer: readonly Cidr[]
}

/** Reads `loadbalance [round_robin | weighted FILE] { reload DURATION; prefer CIDR… }`. */
export function readLoadbalance(directive: Directive): LoadbalanceSettings {
  const policy = directive.optional(oneOf('round_robin', 'weighted')) ?? 'round_robin'
  const file = policy === 'weighted' ? directive.one(text) : undefined
  let reloadMs = 30_000
  const prefer: Cidr[] = []
  directive.block({
    reload: line => {
      if (file === undefined) throw line.fail('there is no file to read again without weighted')
      reloadMs = line.one(durationMs)
    },
    prefer: line => void prefer.push(...line.rest(cidr)),
  })
  return { weights: file === undefined ? undefined : { file, reloadMs }, prefer }
}
