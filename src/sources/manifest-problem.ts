/** Where an object stands in a folder of manifests. */
export interface ManifestPlace {
  /** Relative to the folder, with slashes. */
  readonly file: string
  /** From 1, not counting empty documents; 0 for the file as a whole. */
  readonly document: number
  /** Position in a List, from 0; `undefined` when the document is the object. */
  readonly item: number | undefined
  /** The first line of the document's content, or of the fault in it; 0 for the file as a whole. */
  readonly line: number
}

/** Something in a folder of manifests that does not count, or that is probably not meant. */
export interface ManifestProblem {
  readonly severity: 'error' | 'warning'
  readonly place: ManifestPlace
  /** `Service "shop/web"`; '' when no object is known. */
  readonly subject: string
  /** `spec.ports[0].port`; '' for the whole object. */
  readonly field: string
  readonly message: string
  /** The place that the message ends with, when it is about two. */
  readonly otherPlace?: ManifestPlace
}

/** One line: `shop/web.yaml:12 (document 2): Service "shop/web": spec.ports: Required value`. */
export function renderProblem(problem: ManifestProblem): string {
  const { place, subject, field, otherPlace } = problem
  const message = otherPlace ? `${problem.message} ${renderPlace(otherPlace)}` : problem.message
  return [renderPlace(place), subject, field, message].filter(part => part !== '').join(': ')
}

export function renderPlace(place: ManifestPlace): string {
  const line = place.line > 0 ? `:${place.line}` : ''
  const parts: string[] = []
  if (place.document > 0) parts.push(`document ${place.document}`)
  if (place.item !== undefined) parts.push(`item ${place.item + 1}`)
  return `${place.file}${line}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`
}

/**
 * Equal for two reports of one fault. Without lines, so that an edit further up in the file reports
 * nothing anew.
 */
export function problemKey(problem: ManifestProblem): string {
  const place = { ...problem.place, line: 0 }
  const { otherPlace } = problem
  return renderProblem(
    otherPlace
      ? { ...problem, place, otherPlace: { ...otherPlace, line: 0 } }
      : { ...problem, place },
  )
}
