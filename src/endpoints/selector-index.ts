import { type Labels, matchesLabels } from '../objects/labels.ts'

interface Entry<Item> {
  readonly selector: Labels
  readonly item: Item
}

/**
 * Finds the items whose selector matches an object, by the object's labels. Each entry stands under
 * one label pair of its selector, the one with the fewest others: a pair that all have costs nothing.
 */
export class SelectorIndex<Item> {
  readonly #byKey = new Map<string, Map<string, Entry<Item>[]>>()

  /** Throws a RangeError for the empty selector, which has no pair to stand under. */
  add(selector: Labels, item: Item): void {
    const sizeOf = (key: string): number => this.#byKey.get(key)?.get(selector[key]!)?.length ?? 0
    let best: string | undefined
    for (const key of Object.keys(selector)) {
      if (best === undefined || sizeOf(key) < sizeOf(best)) best = key
    }
    if (best === undefined) throw new RangeError('Cannot index a selector: it is empty')
    let byValue = this.#byKey.get(best)
    if (!byValue) this.#byKey.set(best, (byValue = new Map()))
    const entries = byValue.get(selector[best]!)
    if (entries) entries.push({ selector, item })
    else byValue.set(selector[best]!, [{ selector, item }])
  }

  remove(selector: Labels, item: Item): void {
    for (const key of Object.keys(selector)) {
      const byValue = this.#byKey.get(key)
      const entries = byValue?.get(selector[key]!)
      const position = entries?.findIndex(entry => entry.item === item) ?? -1
      if (!byValue || !entries || position < 0) continue
      entries.splice(position, 1)
      if (entries.length === 0) byValue.delete(selector[key]!)
      if (byValue.size === 0) this.#byKey.delete(key)
    }
  }

  match(labels: Labels): Item[] {
    const items: Item[] = []
    for (const key of Object.keys(labels)) {
      const entries = this.#byKey.get(key)?.get(labels[key]!)
      for (const { selector, item } of entries ?? []) {
        if (matchesLabels(selector, labels)) items.push(item)
      }
    }
    return items
  }
}
