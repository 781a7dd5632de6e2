import t from 'tap'
import { formatCidr } from '../lib/cidr.ts'
import { defaultPolicy } from './service-policy.ts'
import { parsePolicy, PolicyError } from './service-policy-file.ts'

t.test('parsePolicy() reads rules, and what they leave out from the top', async t => {
  const { rules, reserved } = parsePolicy(
    'stable: false\nreserved: [10.96.0.53]\nrules:\n- {pool: [10.96.8.0/24], stable: true}\n- {name: x}',
    'policy.yaml',
  )
  t.same(reserved.map(formatCidr), ['10.96.0.53/32'])
  t.same(
    rules.map(({ name, stable, canonical, pool }) => [name, stable, canonical, pool.length]),
    [
      ['rule 1', true, false, 1],
      ['x', false, false, 0],
      ['default', false, false, 0],
    ],
  )
  for (const text of ['', '# nothing\n', '{}'])
    t.same(parsePolicy(text, 'policy.yaml'), defaultPolicy, text)
})

const faults: [text: string, message: string][] = [
  ['[]', 'policy.yaml: expected an object'],
  ['{}\n---\n{}', 'policy.yaml: expected one document'],
  ['a: [', 'policy.yaml:1: '],
  ['stabel: true', 'policy.yaml: stabel: Forbidden: unknown; known are canonical, reserved'],
  ['stable: 1', 'policy.yaml: stable: expected true or false, got 1'],
  ['reserved: [web]', 'policy.yaml: reserved[0]: Invalid value: "web": must be a network'],
  ['rules: [{pool: [10.96.0.1/16]}]', 'policy.yaml: rules[0].pool[0]: Invalid value'],
  ['rules: [{selector: "a in"}]', 'policy.yaml: rules[0].selector: Invalid value: "a in": '],
  ['rules: [{namespace: a}]', 'policy.yaml: rules[0].namespace: Forbidden: unknown; known are'],
]

t.test('parsePolicy() says where a fault is', async t => {
  for (const [text, message] of faults) {
    try {
      parsePolicy(text, 'policy.yaml')
      t.fail(text)
    } catch (error) {
      t.ok(error instanceof PolicyError, text)
      t.equal((error as Error).message.slice(0, message.length), message)
    }
  }
})
