import { type FieldProblem, FieldReader } from './field-reader.ts'
import type { RawObject } from './raw-value.ts'
import { validateMetadata } from './validate-metadata.ts'

export function validateNamespace(api: RawObject): readonly FieldProblem[] {
  const root = FieldReader.of(api)
  validateMetadata(root, { name: 'label', scope: 'cluster' })
  return root.problems
}
