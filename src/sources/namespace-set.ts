import { isDeepStrictEqual } from 'node:util'
import type { ManifestedObject } from './manifest-kinds.ts'
import { impliedNamespace, type ManifestClaim, type ManifestIdentity } from './manifest-objects.ts'
import type { ManifestPlace } from './manifest-problem.ts'

/** An object and where it stands; no place for a Namespace that only its objects imply. */
export interface ManifestObject {
  readonly object: ManifestedObject
  readonly place: ManifestPlace | undefined
}

export interface ManifestReference {
  readonly kind: ManifestedObject['kind']
  readonly namespace: string
  readonly name: string
}

export interface ObjectChanges {
  /** Namespaces first, then by file and document. */
  readonly upserts: readonly ManifestObject[]
  /** To be applied before the upserts; namespaces last. */
  readonly deletes: readonly ManifestReference[]
}

interface ClaimStep {
  readonly given: ManifestClaim | undefined
  readonly winner: ManifestClaim | undefined
}

/** The namespaces of a folder: those with a document of their own, and those that objects are in. */
export class NamespaceSet {
  readonly #objectCounts = new Map<string, number>()
  readonly #claims = new Map<string, ManifestClaim>()
  readonly #given = new Map<string, ManifestedObject>()
  readonly #touched = new Set<string>()

  /** Notes that what counts for an identity went from `given` to `winner`. */
  note(identity: ManifestIdentity, { given, winner }: ClaimStep): void {
    if (identity.kind === 'Namespace') {
      if (winner) this.#claims.set(identity.name, winner)
      else this.#claims.delete(identity.name)
      this.#touched.add(identity.name)
    } else if ((winner === undefined) !== (given === undefined)) {
      const count = (this.#objectCounts.get(identity.namespace) ?? 0) + (winner ? 1 : -1)
      if (count > 0) this.#objectCounts.set(identity.namespace, count)
      else this.#objectCounts.delete(identity.namespace)
      this.#touched.add(identity.namespace)
    }
  }

  /** What the notes since the last call mean for the Namespace objects. */
  settle(): { upserts: ManifestObject[]; deletes: ManifestReference[] } {
    const upserts: ManifestObject[] = []
    const deletes: ManifestReference[] = []
    for (const name of this.#touched) {
      const claim = this.#claims.get(name)
      const isUsed = this.#objectCounts.has(name)
      const object = claim?.objects?.[0] ?? (isUsed ? impliedNamespace(name) : undefined)
      const given = this.#given.get(name)
      if (object) {
        this.#given.set(name, object)
        if (!isDeepStrictEqual(object, given)) upserts.push({ object, place: claim?.place })
      } else if (given) {
        this.#given.delete(name)
        deletes.push({ kind: 'Namespace', namespace: '', name })
      }
    }
    this.#touched.clear()
    return { upserts, deletes }
  }
}
