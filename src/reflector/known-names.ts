import type { ApiObject, ObjectName } from './reflector-sink.ts'

/** Which objects a sink has, and in which version. Listing all of them again marks those that there still are; the rest is swept. */
export class KnownNames {
  /** Resource versions by `namespace/name`, seen since the mark was begun. */
  #seen = new Map<string, string>()
  /** Those that have not been seen since. */
  #unseen = new Map<string, string>()

  get count(): number {
    return this.#seen.size + this.#unseen.size
  }

  /** From now on every name counts as not seen. What an earlier mark has left unswept stays in question. */
  beginMark(): void {
    if (this.#unseen.size === 0) {
      this.#unseen = this.#seen
    } else {
      for (const [key, version] of this.#seen) this.#unseen.set(key, version)
    }
    this.#seen = new Map()
  }

  /** Marks it. True where the sink does not have this version of it. */
  see({ metadata }: ApiObject): boolean {
    const key = keyOf(metadata)
    const known = this.#unseen.get(key) ?? this.#seen.get(key)
    this.#unseen.delete(key)
    if (known === metadata.resourceVersion) {
      this.#seen.set(key, known)
      return false
    }
    this.#seen.set(key, metadata.resourceVersion)
    return true
  }

  /** False where it was not known. */
  forget({ metadata }: ApiObject): boolean {
    const key = keyOf(metadata)
    const wasUnseen = this.#unseen.delete(key)
    return this.#seen.delete(key) || wasUnseen
  }

  /** Forgets every name that has not been seen since the mark was begun, and yields it. */
  *sweep(): Generator<ObjectName, void> {
    const unseen = this.#unseen
    this.#unseen = new Map()
    for (const key of unseen.keys()) yield nameOf(key)
  }
}

function keyOf({ namespace = '', name }: ApiObject['metadata']): string {
  return `${namespace}/${name}`
}

/** Names of namespaces have no slash. */
function nameOf(key: string): ObjectName {
  const slash = key.indexOf('/')
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) }
}
