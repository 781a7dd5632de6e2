import type { Argument } from '../../corefile/argument.ts'
import type { Directive } from '../../corefile/directive.ts'
import { countBetween } from '../../corefile/number-arguments.ts'
import { oneOf } from '../../corefile/text-arguments.ts'
import { EdnsCode } from '../../dns/edns.ts'
import type { EdnsChange, EdnsChangeOption, LocalValue } from './rewrite-rule.ts'

const optionCode: Argument<number> = {
  expected: 'an option code like 0xffee',
  parse(word) {
    const code = /^(?:0x[\da-f]+|\d+)$/i.test(word) ? Number(word) : Number.NaN
    return code <= 0xffff ? code : undefined
  },
}

/** What a query knows of itself; other names are those of metadata, which have a slash. */
const variables = [
  'qname',
  'qtype',
  'client_ip',
  'client_port',
  'protocol',
  'server_ip',
  'server_port',
]

const localValue: Argument<LocalValue> = {
  expected: `a text, bytes like 0x61626364, or one of {${variables.join('}, {')}}, {PLUGIN/NAME}`,
  parse(word) {
    const variable = /^\{(.*)\}$/s.exec(word)?.[1]
    if (variable !== undefined) {
      const isKnown = variables.includes(variable) || /^[^/]+\/[^/].*$/s.test(variable)
      return isKnown ? { variable } : undefined
    }
    if (!word.startsWith('0x')) return { bytes: new TextEncoder().encode(word) }
    return /^0x(?:[\da-f]{2})*$/i.test(word)
      ? { bytes: Uint8Array.from(Buffer.from(word.slice(2), 'hex')) }
      : undefined
  },
}

/** Reads `local|nsid|subnet ACTION …`. */
export function readEdnsChange(rule: Directive): EdnsChange {
  const kind = rule.one(oneOf('local', 'nsid', 'subnet'))
  const action = rule.one(oneOf('set', 'append', 'replace', 'unset'))
  const option = readOption(rule, kind, action)
  const reverts = action !== 'unset' && rule.optional(oneOf('revert')) !== undefined
  return { field: 'edns0', action, option, reverts }
}

function readOption(
  rule: Directive,
  kind: EdnsChangeOption['kind'],
  action: EdnsChange['action'],
): EdnsChangeOption {
  const isUnset = action === 'unset'
  switch (kind) {
    case 'local': {
      const code = rule.one(optionCode)
      return { kind, code, value: isUnset ? { bytes: new Uint8Array() } : rule.one(localValue) }
    }
    case 'nsid':
      return { kind, code: EdnsCode.nsid }
    default: {
      const ipv4Bits = isUnset ? 0 : rule.one(countBetween(0, 32))
      return {
        kind,
        code: EdnsCode.clientSubnet,
        ipv4Bits,
        ipv6Bits: isUnset ? 0 : rule.one(countBetween(0, 128)),
      }
    }
  }
}
