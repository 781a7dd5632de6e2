import { hashText } from '../lib/hash.ts'

/** Consonants and digits that spell no words: what the API server's generated names are made of. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'

/** The same alphabet as the API server spells the decimal digits 0 to 9 of a template's hash. */
const DIGITS = '456789bcdf'

const SUFFIX_LENGTH = 5
const SUFFIX_COUNT = ALPHABET.length ** SUFFIX_LENGTH
const MAX_NAME_LENGTH = 63

/**
 * A name as `metadata.generateName` would give it, `web-` → `web-x7k2p`, but chosen by a hash of
 * `seed` so that it is the same everywhere: the first one, from there on, that is not in `taken`.
 * The base is cut so that the whole stays within 63 characters.
 */
export function generateName(base: string, seed: string, taken: ReadonlySet<string>): string {
  const prefix = base.slice(0, MAX_NAME_LENGTH - SUFFIX_LENGTH)
  // Joined, because V8 would keep a text put together with `+` as a tree of its parts.
  const nameOf = (number: number): string => [prefix, spellSuffix(number)].join('')
  let number = hashText(seed) % SUFFIX_COUNT
  while (taken.has(nameOf(number))) number = (number + 1) % SUFFIX_COUNT
  return nameOf(number)
}

/** A hash as the label `pod-template-hash` shows it: `5d59d67564`. */
export function spellHash(hash: number): string {
  return hash.toString().replace(/\d/g, digit => DIGITS[Number(digit)]!)
}

function spellSuffix(number: number): string {
  let rest = number
  let text = ''
  for (let i = 0; i < SUFFIX_LENGTH; i++) {
    text += ALPHABET[rest % ALPHABET.length]!
    rest = Math.floor(rest / ALPHABET.length)
  }
  return text
}
