import t from 'tap'
import { KnownNames } from './known-names.ts'
import type { ApiObject } from './reflector-sink.ts'

const object = (text: string): ApiObject => {
  const [, namespace, name, resourceVersion] = /^(?:(.*)\/)?(.*)@(.*)$/.exec(text)!
  return {
    metadata: { ...(namespace && { namespace }), name: name!, resourceVersion: resourceVersion! },
  }
}

t.test('KnownNames says what is new and what is gone', async t => {
  /** `+` see, `-` forget, with what they say; `mark`; `sweep` with the names. */
  const cases: readonly (readonly (readonly [step: string, says?: unknown])[])[] = [
    [
      ['+x/a@1', true],
      ['+x/a@1', false],
      ['+x/a@2', true],
      ['+x/a@1', true],
    ],
    [
      ['-x/a@1', false],
      ['+x/a@1', true],
      ['-x/a@2', true],
      ['-x/a@2', false],
      ['+x/a@1', true],
    ],
    [
      ['+x/a@1', true],
      ['+y/a@1', true],
      ['+a@1', true],
      ['mark'],
      ['+a@1', false],
      ['sweep', ['x/a', 'y/a']],
    ],
    [
      ['+a@1', true],
      ['mark'],
      ['+a@2', true],
      ['sweep', []],
      ['+a@2', false],
      ['mark'],
      ['sweep', ['/a']],
    ],
    [['+a@1', true], ['mark'], ['-a@2', true], ['sweep', []], ['+a@1', true]],
    [['mark'], ['+a@1', true], ['-a@1', true], ['sweep', []]],
    // A mark that is broken off leaves everything in question, and nothing is forgotten.
    [
      ['+a@1', true],
      ['+b@1', true],
      ['mark'],
      ['+a@1', false],
      ['+c@1', true],
      ['mark'],
      ['+b@1', false],
      ['sweep', ['/a', '/c']],
    ],
    [['+a@1', true], ['mark'], ['mark'], ['+a@1', false], ['sweep', []]],
    [
      ['+a@1', true],
      ['sweep', []],
      ['+a@1', false],
    ],
  ]
  for (const steps of cases) {
    const known = new KnownNames()
    for (const [step, says] of steps) {
      const text = steps.map(([step]) => step).join(' ')
      if (step === 'mark') known.beginMark()
      else if (step === 'sweep') {
        const swept = [...known.sweep()].map(({ namespace, name }) => `${namespace}/${name}`)
        t.same(
          swept,
          (says as string[]).map(name => (name.includes('/') ? name : `/${name}`)),
          text,
        )
      } else {
        const found = object(step.slice(1))
        t.equal(
          step.startsWith('+') ? known.see(found) : known.forget(found),
          says,
          `${step} in ${text}`,
        )
      }
    }
  }
})
