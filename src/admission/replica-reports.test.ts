import t from 'tap'
import { ReplicaReports, reportKey, reportText } from './replica-reports.ts'

const lifeMs = 100
const a = reportKey('pod-a')
const b = reportKey('pod-b')

t.test('reportKey() and reportText()', async t => {
  t.equal(a, 'serving.signpost.dev/pod-a')
  t.equal(reportKey(`-.${'x'.repeat(63)}`), `serving.signpost.dev/${'x'.repeat(63)}`)
  t.equal(reportKey(`y-${'x'.repeat(62)}`), `serving.signpost.dev/${'x'.repeat(62)}`)
  t.equal(reportText('f1', 0), 'f1 1970-01-01T00:00:00.000Z')
})

interface Step {
  readonly name: string
  readonly atMs: number
  readonly says: Readonly<Record<string, unknown>>
  readonly lagging: readonly string[]
  readonly dead: readonly string[]
}

const steps: readonly Step[] = [
  { name: 'nobody', atMs: 0, says: {}, lagging: [], dead: [] },
  { name: 'others', atMs: 0, says: { other: 'x', [a]: 7 }, lagging: [], dead: [] },
  { name: 'one lags', atMs: 10, says: { [a]: 'f2 1', [b]: 'f1 1' }, lagging: ['pod-b'], dead: [] },
  { name: 'still', atMs: 109, says: { [a]: 'f2 2', [b]: 'f1 1' }, lagging: ['pod-b'], dead: [] },
  { name: 'it is dead', atMs: 110, says: { [a]: 'f2 2', [b]: 'f1 1' }, lagging: [], dead: [b] },
  {
    name: 'it is back',
    atMs: 120,
    says: { [a]: 'f2 2', [b]: 'f1 9' },
    lagging: ['pod-b'],
    dead: [],
  },
  {
    name: 'it is up to date',
    atMs: 130,
    says: { [a]: 'f2 2', [b]: 'f2 0' },
    lagging: [],
    dead: [],
  },
  { name: 'it has gone', atMs: 140, says: { [a]: 'f2 2' }, lagging: [], dead: [] },
]

t.test('ReplicaReports: what the leader makes of annotations, step by step', async t => {
  const reports = new ReplicaReports(lifeMs)
  for (const { name, atMs, says, lagging, dead } of steps) {
    reports.observe(says, atMs)
    t.strictSame(reports.lagging('f2', atMs), lagging, name)
    t.strictSame(reports.dead(atMs), dead, name)
  }
})
