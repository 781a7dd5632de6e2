import { parseRcode } from '../dns/rcode.ts'
import { rrClassNames } from '../dns/rr-class.ts'
import { parseRrType } from '../dns/rr-type.ts'
import type { Argument } from './argument.ts'

/** A type of records or questions by its mnemonic, or as `TYPE65`. */
export const rrType: Argument<number> = { expected: 'a record type like AAAA', parse: parseRrType }

/** A class by its name, in any letter case. */
export const rrClass: Argument<number> = {
  expected: `one of the classes ${Object.values(rrClassNames).join(', ')}`,
  parse(word) {
    const known = Object.entries(rrClassNames).find(([, name]) => name === word.toUpperCase())
    return known && Number(known[0])
  },
}

/** A response code by its mnemonic, or as `RCODE23`. */
export const rcode: Argument<number> = { expected: 'an rcode like NXDOMAIN', parse: parseRcode }
