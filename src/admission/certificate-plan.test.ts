import t from 'tap'
import { type CertificateStep, type CertificateView, planCertificates } from './certificate-plan.ts'

const timing = { settleMs: 100, keepOldMs: 500 }
const dayMs = 24 * 3_600_000
const now = 1_000 * dayMs
/** `from` and `to` in days from now. */
const term = (from: number, to: number) => ({ fromMs: now + from * dayMs, toMs: now + to * dayMs })

/** Nothing is due, all is as it should be. */
const well: CertificateView = {
  nowMs: now,
  authority: term(-10, 355),
  leaf: term(-10, 80),
  stage: 'stable',
  bundledForMs: 10_000,
  inStageForMs: 10_000,
  lagging: [],
}
const announced = { stage: 'announced', authority: term(-250, 115) } as const
const switched = { stage: 'switched' } as const
const dueLeaf = { leaf: term(-61, 29) }

const cases: readonly (readonly [name: string, view: Partial<CertificateView>, CertificateStep])[] =
  [
    ['nothing is due', {}, 'wait'],
    ['nothing is due, and clients know nothing', { bundledForMs: undefined }, 'wait'],
    ['there is no Secret', { authority: undefined, leaf: undefined }, 'create'],
    ['the authority does not read', { authority: undefined }, 'create'],
    ['the authority has ended', { authority: term(-365, 0) }, 'create'],
    [
      'it has ended in the middle of a rotation',
      { ...announced, authority: term(-365, 0) },
      'create',
    ],
    ['the leaf does not fit', { leaf: undefined }, 'renew-leaf'],
    [
      'the leaf does not fit while another is coming',
      { ...announced, leaf: undefined },
      'renew-leaf',
    ],
    ['the leaf has ended', { leaf: term(-90, 0) }, 'renew-leaf'],
    ['the leaf is in its last third', dueLeaf, 'renew-leaf'],
    ['the leaf is just before it', { leaf: term(-60, 30) }, 'wait'],
    [
      'the same while another is coming: it waits',
      { ...announced, ...dueLeaf, bundledForMs: 0 },
      'wait',
    ],
    ['the same while the one before goes', { ...switched, ...dueLeaf }, 'renew-leaf'],
    [
      'the leaf ends with its authority',
      { authority: term(-360, 5), leaf: term(-10, 5) },
      'announce',
    ],
    ['the authority is in its last third', { authority: term(-244, 121) }, 'announce'],
    ['the authority is just before it', { authority: term(-243, 122) }, 'wait'],
    ['a new authority that no client knows', { ...announced, bundledForMs: undefined }, 'wait'],
    ['a new authority of which they hear', { ...announced, bundledForMs: 99 }, 'wait'],
    ['a new authority that they know', { ...announced, bundledForMs: 100 }, 'switch'],
    ['a new authority, replicas lag', { ...announced, lagging: ['a'] }, 'switch'],
    ['all have switched', switched, 'drop'],
    ['all have switched, just now', { ...switched, inStageForMs: 499 }, 'wait'],
    ['one has not switched', { ...switched, lagging: ['a'] }, 'wait'],
    ['all have switched, clients do not know', { ...switched, bundledForMs: undefined }, 'wait'],
    [
      'all have switched, the authority is due again',
      { ...switched, authority: term(-300, 60), leaf: term(-1, 60) },
      'drop',
    ],
  ]

for (const [name, view, step] of cases) {
  t.test(`planCertificates(): ${name}`, async t => {
    t.equal(planCertificates({ ...well, ...view }, timing), step)
  })
}

t.test('planCertificates(): a rotation takes each step once and ends', async t => {
  const steps: CertificateStep[] = []
  let view: CertificateView = {
    ...well,
    authority: term(-250, 115),
    bundledForMs: 0,
    inStageForMs: 0,
  }
  for (let round = 0; round < 30; round++) {
    const step = planCertificates(view, timing)
    if (step !== 'wait') steps.push(step)
    if (step === 'announce')
      view = { ...view, stage: 'announced', bundledForMs: 0, inStageForMs: 0 }
    if (step === 'switch')
      view = {
        ...view,
        stage: 'switched',
        authority: well.authority,
        inStageForMs: 0,
        lagging: ['a'],
      }
    if (step === 'drop') view = { ...view, stage: 'stable' }
    const later = { bundledForMs: view.bundledForMs! + 50, inStageForMs: view.inStageForMs + 50 }
    view = { ...view, ...later, lagging: round > 15 ? [] : view.lagging }
  }
  t.strictSame(steps, ['announce', 'switch', 'drop'])
})
