import { CORE_SCHEMA, loadAll, YAMLException } from 'js-yaml'
import { addressBits, type Cidr, parseCidr } from '../lib/cidr.ts'
import { familyOf, ipToBigInt, parseIp } from '../lib/ip.ts'
import { FieldReader, type FieldValue } from '../objects/field-reader.ts'
import { parseLabelSelector } from '../objects/label-selector.ts'
import { isRawObject } from '../objects/raw-value.ts'
import type { AddressPolicy, AddressRule } from './service-policy.ts'

/** A policy that cannot be used: `policy.yaml: rules[0].pool[1]: …`, one line for each fault. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError'
}

const ruleKeys = ['canonical', 'name', 'namespaces', 'pool', 'selector', 'stable']
const fileKeys = ['canonical', 'reserved', 'rules', 'stable']

/**
 * Reads the policies of a file. What stands outside of `rules` is for Services that no rule matches, and the default of what
 * a rule leaves out.
 *
 *     stable: true
 *     canonical: false
 *     reserved: [10.96.0.53, 10.96.5.0/24]
 *     rules:
 *       - name: databases
 *         namespaces: [shop]
 *         selector: tier=db
 *         pool: [10.96.8.0/24]
 */
export function parsePolicy(text: string, file: string): AddressPolicy {
  const value = parseYaml(text, file)
  if (!isRawObject(value)) throw new PolicyError(`${file}: expected an object`)
  const reader = FieldReader.of(value)
  checkKeys(reader, fileKeys)
  const common = {
    stable: reader.boolean('stable') ?? true,
    canonical: reader.boolean('canonical') ?? false,
  }
  const policy = {
    rules: [
      ...reader.objects('rules').map((rule, index) => readRule(rule, index, common)),
      { ...common, name: 'default', namespaces: undefined, selector: [], pool: [] },
    ],
    reserved: readCidrs(reader, 'reserved'),
  }
  if (reader.problems.length === 0) return policy
  const lines = reader.problems.map(({ field, message }) => `${file}: ${field}: ${message}`)
  throw new PolicyError(lines.join('\n'))
}

function parseYaml(text: string, file: string): unknown {
  try {
    const documents = loadAll(text, { schema: CORE_SCHEMA })
    if (documents.length > 1) throw new PolicyError(`${file}: expected one document`)
    // An empty file says nothing, and all is as without one.
    return documents[0] ?? {}
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const line = error.mark ? text.slice(0, error.mark.position).split('\n').length : 1
    throw new PolicyError(`${file}:${line}: ${error.reason}`, { cause: error })
  }
}

function readRule(
  reader: FieldReader,
  index: number,
  common: Pick<AddressRule, 'stable' | 'canonical'>,
): AddressRule {
  checkKeys(reader, ruleKeys)
  const text = reader.string('selector')
  const parsed = parseLabelSelector(text)
  if ('error' in parsed) reader.invalid(reader.at('selector'), text, parsed.error)
  return {
    name: reader.string('name') || `rule ${index + 1}`,
    namespaces: reader.has('namespaces')
      ? reader.strings('namespaces').map(({ value }) => value)
      : undefined,
    selector: 'error' in parsed ? [] : parsed.selector,
    pool: readCidrs(reader, 'pool'),
    stable: reader.boolean('stable') ?? common.stable,
    canonical: reader.boolean('canonical') ?? common.canonical,
  }
}

function readCidrs(reader: FieldReader, key: string): readonly Cidr[] {
  return reader.strings(key).flatMap((item: FieldValue<string>) => {
    const cidr = parseCidr(item.value) ?? oneAddress(item.value)
    if (cidr) return [cidr]
    reader.invalid(item.field, item.value, 'must be a network (10.96.8.0/24) or an address')
    return []
  })
}

function oneAddress(text: string): Cidr | undefined {
  const bytes = parseIp(text)
  if (!bytes) return undefined
  const family = familyOf(bytes)
  return { family, base: ipToBigInt(bytes), prefixLength: addressBits(family) }
}

function checkKeys(reader: FieldReader, known: readonly string[]): void {
  for (const key of reader.keys()) {
    if (!known.includes(key)) {
      reader.forbidden(reader.at(key), `unknown; known are ${known.join(', ')}`)
    }
  }
}
