/** Labels, annotations or an equality selector. Keys may be any legal label key, `constructor` included. */
export type Labels = Readonly<Record<string, string>>

/**
 * Labels without a prototype, so that no key is found that is not theirs. Taken away and not left out: V8 keeps an object
 * made without one as a hash table of four times the size.
 */
export function bareLabels(pairs: Labels): Labels {
  return Object.setPrototypeOf({ ...pairs }, null) as Labels
}

export const noLabels: Labels = Object.freeze(Object.create(null) as Record<string, string>)

/** True when every label of `selector` is on the object. The empty selector matches everything. */
export function matchesLabels(selector: Labels, labels: Labels): boolean {
  for (const key of Object.keys(selector)) {
    // An inherited `constructor` or `__proto__` is never a string: no need to ask whose it is.
    if (labels[key] !== selector[key]) return false
  }
  return true
}
