import t from 'tap'
import { renderResponse } from './admission-response.ts'
import { PatchRenderer } from './patch-renderer.ts'
import type { AdmissionDecision } from './review.ts'

const allowed = { allowed: true, patch: [], warnings: [], audit: {}, outcome: 'none' } as const
const patches = new PatchRenderer()
const long = 'x'.repeat(200)

/** Warnings given and warnings passed on. */
const cases: readonly [what: string, decision: AdmissionDecision, response: object][] = [
  ['nothing to do', allowed, { uid: 'u', allowed: true }],
  [
    'a patch',
    { ...allowed, patch: [{ op: 'add', path: '/a', value: 'ü' }] },
    {
      uid: 'u',
      allowed: true,
      patchType: 'JSONPatch',
      patch: Buffer.from('[{"op":"add","path":"/a","value":"ü"}]').toString('base64'),
    },
  ],
  [
    'warnings in ASCII, one line each, no longer than a line',
    { ...allowed, warnings: ['näh\r\nX: y', long, 'x'.repeat(120)] },
    {
      uid: 'u',
      allowed: true,
      warnings: ['n?h??X: y', `${'x'.repeat(117)}...`, 'x'.repeat(120)],
    },
  ],
  [
    'audit annotations, but for those with a key that is none',
    {
      ...allowed,
      audit: { 'a.b-c_d': 'ü', 'a/b': 'x', '': 'x', '-a': 'x', [long]: 'x', l: 'x'.repeat(2000) },
    },
    { uid: 'u', allowed: true, auditAnnotations: { 'a.b-c_d': 'ü', l: 'x'.repeat(1024) } },
  ],
  [
    'a refusal',
    { allowed: false, code: 422, reason: 'Invalid', message: 'no', outcome: 'refused' },
    {
      uid: 'u',
      allowed: false,
      status: { status: 'Failure', code: 422, reason: 'Invalid', message: 'no' },
    },
  ],
]

for (const [what, decision, response] of cases) {
  t.test(what, async t => {
    t.same(JSON.parse(renderResponse('u', decision, patches).toString()), {
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response,
    })
  })
}

t.test('all warnings together are as long as the API server passes on', async t => {
  for (const [given, passedOn] of [
    [34, 34],
    [35, 34],
    [1000, 34],
  ] as const) {
    const decision = { ...allowed, warnings: Array.from({ length: given }, () => long) }
    const { warnings } = JSON.parse(renderResponse('u', decision, patches).toString()).response
    t.equal(warnings.length, passedOn, `of ${given}`)
    t.ok(warnings.join('').length <= 4096)
    if (given > passedOn) t.equal(warnings.at(-1), `${given - passedOn + 1} more warnings`)
  }
})
