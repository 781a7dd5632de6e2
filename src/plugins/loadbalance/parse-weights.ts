import { lowerCaseName, parseName, renderName } from '../../dns/wire-name.ts'
import { formatIp, parseIp } from '../../lib/ip.ts'

/** Name in lower case with a final dot ─▶ address in canonical form ─▶ weight. */
export type Weights = ReadonlyMap<string, ReadonlyMap<string, number>>

const maxWeight = 255

/**
 * Reads a file of weights: a line with a name, then lines with an address of it and its weight, from 1 to 255. Empty lines and
 * those that begin with # mean nothing.
 */
export function parseWeights(text: string): Weights | { readonly error: string } {
  const weights = new Map<string, Map<string, number>>()
  let ofName: Map<string, number> | undefined
  for (const [index, line] of text.split('\n').entries()) {
    const wrong = (what: string): { error: string } => ({ error: `line ${index + 1}: ${what}` })
    const words = line.split(/\s+/).filter(word => word !== '')
    if (words.length === 0 || words[0]!.startsWith('#')) continue
    if (words.length > 2) return wrong('expected a name, or an address and its weight')
    const [first = '', second] = words
    const address = parseIp(first)
    if (second === undefined) {
      if (address) return wrong(`the weight of ${first} is missing`)
      const name = parseName(first)
      if (!name) return wrong(`"${first}" is not a name`)
      const key = renderName(lowerCaseName(name))
      ofName = weights.get(key) ?? new Map()
      weights.set(key, ofName)
      continue
    }
    if (!address) return wrong(`"${first}" is not an address`)
    const weight = /^\d+$/.test(second) ? Number(second) : 0
    if (weight < 1 || weight > maxWeight) {
      return wrong(`"${second}" is not a weight from 1 to ${maxWeight}`)
    }
    if (!ofName) return wrong(`the name that ${first} is of is missing`)
    ofName.set(formatIp(address), weight)
  }
  return weights
}
