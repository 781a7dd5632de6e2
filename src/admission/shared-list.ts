const sharedHead = Symbol('shared head')

interface SharedList {
  readonly [sharedHead]?: readonly unknown[]
}

/**
 * `[...shared, ...own]`, which remembers that it begins with a list that other answers begin with too: what they have in common
 * becomes text once (PatchRenderer). `shared` is never changed.
 */
export function prependShared<Item>(
  shared: readonly Item[],
  own: readonly Item[],
): readonly Item[] {
  const list = [...shared, ...own]
  if (shared.length > 0) Object.defineProperty(list, sharedHead, { value: shared })
  return list
}

/** What a list was made of by {@link prependShared}. */
export function sharedHeadOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? (value as SharedList)[sharedHead] : undefined
}
