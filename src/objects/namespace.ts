import type { Labels } from './labels.ts'
import { rawLabels, rawObject, type RawObject, rawString } from './raw-value.ts'

export interface Namespace {
  readonly kind: 'Namespace'
  readonly name: string
  readonly labels: Labels
}

/** Reads a Namespace that is already known to be valid; odd fields read as absent. */
export function reduceNamespace(api: RawObject): Namespace {
  const metadata = rawObject(api['metadata'])
  return {
    kind: 'Namespace',
    name: rawString(metadata['name']),
    labels: rawLabels(metadata['labels']),
  }
}
