import t from 'tap'
import { reduceWorkload } from '../objects/workload.ts'
import { problemsOf } from './workload-problems.ts'

t.test('problemsOf() says why a workload has fewer pods than it asks for', async t => {
  const long = 'n'.repeat(61)
  for (const [kind, name, replicas, messages] of [
    ['Deployment', 'web', 150_000, []],
    ['StatefulSet', 'web', 3, []],
    ['StatefulSet', 'a.b', 0, []],
    ['Deployment', 'a.b', 1, []],
    ['StatefulSet', long, 10, []],
    [
      'Deployment',
      'web',
      150_001,
      ['Cannot start 150001 pods of Deployment "default/web": at most 150000'],
    ],
    [
      'StatefulSet',
      'a.b',
      1,
      ['Cannot start all pods of StatefulSet "default/a.b": "a.b-0" is not a DNS label'],
    ],
    [
      'StatefulSet',
      long,
      11,
      [`Cannot start all pods of StatefulSet "default/${long}": "${long}-10" is not a DNS label`],
    ],
  ] as const) {
    const metadata = { namespace: 'default', name }
    const problems = problemsOf(reduceWorkload({ kind, metadata, spec: { replicas } }))
    t.strictSame(
      problems.map(problem => problem.message),
      messages,
      `${kind} ${name} ${replicas}`,
    )
  }
})
