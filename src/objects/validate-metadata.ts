import type { FieldReader } from './field-reader.ts'
import { checkDnsLabel, checkDnsSubdomain, checkLabelKey, checkLabelValue } from './name-rules.ts'

export interface MetadataRules {
  /** What a name of this kind has to be. */
  readonly name: 'label' | 'subdomain'
  readonly scope: 'namespaced' | 'cluster'
}

/** Checks `metadata`. A missing namespace is not a fault: it means `default`. */
export function validateMetadata(root: FieldReader, rules: MetadataRules): void {
  const metadata = root.object('metadata')
  const name = metadata.string('name')
  const check = rules.name === 'label' ? checkDnsLabel : checkDnsSubdomain
  if (name !== '') metadata.invalid(metadata.at('name'), name, ...check(name))
  else if (metadata.string('generateName') === '')
    metadata.required(metadata.at('name'), 'name or generateName is required')
  else
    metadata.required(metadata.at('name'), 'generateName has no meaning in a folder of manifests')

  const namespace = metadata.string('namespace')
  if (namespace !== '') {
    if (rules.scope === 'cluster')
      metadata.forbidden(metadata.at('namespace'), 'not allowed on this type')
    else metadata.invalid(metadata.at('namespace'), namespace, ...checkDnsLabel(namespace))
  }
  metadata.string('uid')
  metadata.string('deletionTimestamp')
  validateLabels(metadata, 'labels')
  metadata.stringMap('annotations')
}

/** Checks the keys and values of labels or of an equality selector, and returns them. */
export function validateLabels(reader: FieldReader, key: string): ReadonlyMap<string, string> {
  const labels = reader.stringMap(key)
  for (const [name, value] of labels) {
    reader.invalid(reader.at(key), name, ...checkLabelKey(name))
    reader.invalid(reader.at(key), value, ...checkLabelValue(value))
  }
  return labels
}
