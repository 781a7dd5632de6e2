import { readFileSync } from 'node:fs'
import t from 'tap'
import { ruleFor } from '../../src/admission/service-policy.ts'
import { parsePolicy } from '../../src/admission/service-policy-file.ts'
import { reduceService } from '../../src/objects/service.ts'

const text = readFileSync('docs/cluster-ip-policies.md', 'utf8')
const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(text) ?? []

t.test('docs/cluster-ip-policies.md shows a file that is read as it says', async t => {
  const policy = parsePolicy(example, 'example')
  const cases: [namespace: string, labels: object, rule: string][] = [
    ['shop', { tier: 'db' }, 'databases'],
    ['shop', { tier: 'db', temporary: '' }, 'default'],
    ['other', { tier: 'db' }, 'default'],
    ['legacy', {}, 'leave alone'],
  ]
  for (const [namespace, labels, rule] of cases) {
    const service = reduceService({ metadata: { namespace, name: 'web', labels } })
    t.equal(ruleFor(policy, service).name, rule)
  }
  t.equal(policy.reserved.length, 2)
})

t.test('docs/cluster-ip-policies.md knows every key', async t => {
  const rows = [...text.matchAll(/^\| `(?:rules\[\]\.)?(\w+)`/gm)].map(([, key]) => key!)
  const isKnown = (key: string): boolean => {
    try {
      parsePolicy(`${key}: 0`, 'f')
      return true
    } catch (error) {
      return !(error as Error).message.includes(`${key}: Forbidden`)
    }
  }
  const fileKeys = ['stable', 'canonical', 'reserved', 'rules']
  for (const key of fileKeys) t.ok(isKnown(key) && rows.includes(key), key)
  t.same(rows.slice(fileKeys.length), ['name', 'namespaces', 'selector', 'pool'])
})
