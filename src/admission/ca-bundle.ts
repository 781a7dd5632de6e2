import { Buffer } from 'node:buffer'
import { type RawObject, rawArray, rawObject } from '../objects/raw-value.ts'
import type { PatchOperation } from './review.ts'

/**
 * What makes every webhook of a configuration trust a bundle of PEM certificates; empty where they do. Good for the version of
 * the configuration that it was made from only.
 */
export function bundlePatch(configuration: RawObject, bundle: string): readonly PatchOperation[] {
  const value = Buffer.from(bundle).toString('base64')
  const operations = rawArray(configuration['webhooks']).flatMap(
    (webhook, index): PatchOperation[] => {
      const { caBundle } = rawObject(rawObject(webhook)['clientConfig'])
      const path = `/webhooks/${index}/clientConfig/caBundle`
      return caBundle === value ? [] : [{ op: 'add', path, value }]
    },
  )
  if (operations.length === 0) return []
  const version = rawObject(configuration['metadata'])['resourceVersion']
  // Indices are those of this version.
  return [{ op: 'replace', path: '/metadata/resourceVersion', value: version }, ...operations]
}
