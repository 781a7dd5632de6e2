import type { Test } from 'tap'
import { load } from 'js-yaml'
import type { FieldProblem } from '../../src/objects/field-reader.ts'
import type { RawObject } from '../../src/objects/raw-value.ts'

export interface ValidationCase {
  readonly name: string
  /** The object as YAML. */
  readonly object: string
  /** `field: message`, warnings with `warning: ` before; a message may be cut short with `…`. */
  readonly problems?: readonly string[]
}

/** A Service of the Kubernetes API as YAML in one line. */
export function serviceYaml(spec: string, metadata = '{name: web}'): string {
  return `{apiVersion: v1, kind: Service, metadata: ${metadata}, spec: ${spec}}`
}

/** Runs a table of objects through a validator and compares what it says. */
export function checkValidation(
  t: Test,
  validate: (api: RawObject) => readonly FieldProblem[],
  cases: readonly ValidationCase[],
): void {
  for (const { name, object, problems = [] } of cases) {
    const found = validate(load(object) as RawObject).map(render)
    const cut = found.map((text, position) => {
      const wanted = problems[position]
      return wanted?.endsWith('…') && text.startsWith(wanted.slice(0, -1)) ? wanted : text
    })
    t.strictSame(cut, problems, name)
  }
}

function render({ field, message, severity }: FieldProblem): string {
  return `${severity === 'warning' ? 'warning: ' : ''}${field}: ${message}`
}
