/** Which ExternalName Services must be worked out again when their target in the zone changes. */
export class AliasIndex {
  /** Keys of Services (`namespace/name`) by what they depend on. */
  readonly #dependents = new Map<string, Set<string>>()

  add(dependency: string, service: string): void {
    const known = this.#dependents.get(dependency)
    if (known) known.add(service)
    else this.#dependents.set(dependency, new Set([service]))
  }

  remove(dependency: string, service: string): void {
    const known = this.#dependents.get(dependency)
    known?.delete(service)
    if (known?.size === 0) this.#dependents.delete(dependency)
  }

  /** All that depend on any of `changed`, directly or through each other. */
  dependents(changed: Iterable<string>): ReadonlySet<string> {
    const found = new Set<string>()
    const queue = [...changed]
    for (const key of queue) {
      for (const service of this.#dependents.get(key) ?? []) {
        if (found.has(service)) continue
        found.add(service)
        queue.push(service)
      }
    }
    return found
  }
}
