import { bareLabels, type Labels, noLabels } from './labels.ts'

/** A JSON object whose fields nobody has checked. */
export type RawObject = Readonly<Record<string, unknown>>

/*
 * Lenient readers for objects that the API server, or our own validation, has already accepted:
 * a field of another shape reads as absent, so that one odd object never stops the rest.
 */

export function rawObject(value: unknown): RawObject {
  return isRawObject(value) ? value : {}
}

export function isRawObject(value: unknown): value is RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function rawArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function rawString(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function rawInteger(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined
}

export function rawStrings(value: unknown): readonly string[] {
  return rawArray(value).filter(item => typeof item === 'string')
}

export function rawLabels(value: unknown): Labels {
  if (!isRawObject(value)) return noLabels
  const pairs = Object.entries(value).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  )
  return pairs.length === 0 ? noLabels : bareLabels(Object.fromEntries(pairs))
}
