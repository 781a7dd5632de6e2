import type { Argument } from '../../corefile/argument.ts'
import type { Directive } from '../../corefile/directive.ts'
import { cidr } from '../../corefile/address-arguments.ts'
import { oneOf } from '../../corefile/text-arguments.ts'
import { parseRrType } from '../../dns/rr-type.ts'
import type { Cidr } from '../../lib/cidr.ts'
import type { BlockPlace } from '../plugin.ts'
import { readZones } from '../read-zones.ts'

/** What an `acl` directive says. Zones are lower case with a final dot. */
export interface AclSettings {
  readonly zones: readonly string[]
  /** The first that fits decides. */
  readonly policies: readonly AclPolicy[]
}

export interface AclPolicy {
  readonly action: 'allow' | 'block' | 'filter' | 'drop'
  readonly types: readonly number[] | 'all'
  readonly nets: readonly Cidr[] | 'all'
}

const recordType: Argument<number | 'all'> = {
  expected: 'a record type like AAAA, or *',
  parse: word => (word === '*' ? 'all' : parseRrType(word)),
}

const source: Argument<Cidr | 'all'> = {
  expected: 'an address, a network like 10.0.0.0/8, or *',
  parse: word => (word === '*' ? 'all' : cidr.parse(word)),
}

const actions = ['allow', 'block', 'drop', 'filter'] as const

/** Reads `acl [ZONES…] { … }`. */
export function readAcl(directive: Directive, place: BlockPlace): AclSettings {
  const zones = readZones(directive, place.zones)
  const policies: AclPolicy[] = []
  directive.block({}, line => {
    const action = actions.find(known => known === line.name.toLowerCase())
    if (!action) {
      throw directive.fail(`${line.name} is not a property of acl: known are ${actions.join(', ')}`)
    }
    policies.push({ action, ...readSections(line) })
  })
  return { zones, policies }
}

/** Reads `[type TYPE…] [net SOURCE…]`. */
function readSections(line: Directive): Omit<AclPolicy, 'action'> {
  let types: AclPolicy['types'] | undefined
  let nets: AclPolicy['nets'] | undefined
  while (line.peek() !== undefined) {
    if (line.one(oneOf('type', 'net')) === 'type') types = joined(types, readAll(line, recordType))
    else nets = joined(nets, readAll(line, source))
  }
  return { types: types ?? 'all', nets: nets ?? 'all' }
}

/** All words up to the next section, of which there must be one. */
function readAll<Value>(
  line: Directive,
  argument: Argument<Value | 'all'>,
): readonly Value[] | 'all' {
  const values: Value[] = []
  let isAll = false
  do {
    const value = line.one(argument)
    if (value === 'all') isAll = true
    else values.push(value)
  } while (line.peek() !== undefined && !/^(?:type|net)$/i.test(line.peek()!))
  return isAll ? 'all' : values
}

function joined<Value>(
  one: readonly Value[] | 'all' | undefined,
  other: readonly Value[] | 'all',
): readonly Value[] | 'all' {
  if (one === undefined) return other
  return one === 'all' || other === 'all' ? 'all' : [...one, ...other]
}
