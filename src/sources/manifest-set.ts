import { isDeepStrictEqual } from 'node:util'
import { comparePaths } from './manifest-path.ts'
import type { ManifestFile } from './manifest-file.ts'
import type { ManifestedObject } from './manifest-kinds.ts'
import { type ManifestClaim, type ManifestIdentity, renderIdentity } from './manifest-objects.ts'
import { type ManifestProblem, problemKey } from './manifest-problem.ts'
import {
  type ManifestObject,
  type ManifestReference,
  NamespaceSet,
  type ObjectChanges,
} from './namespace-set.ts'

/** What happened to one file since the folder was last looked at. */
export type FileChange =
  | { readonly type: 'read'; readonly file: ManifestFile }
  /** There, but not to be read: its objects stay. */
  | { readonly type: 'unreadable'; readonly path: string; readonly reason: string }
  | { readonly type: 'gone'; readonly path: string }

/** A step of the folder from one state to the next. */
export interface ManifestBatch extends ObjectChanges {
  /** Not reported before. */
  readonly problems: readonly ManifestProblem[]
  /** Reported before, and over. */
  readonly solved: readonly ManifestProblem[]
}

export interface ManifestCounts {
  readonly files: number
  readonly documents: number
  /** Objects that count; an Endpoints object is one. */
  readonly objects: number
  readonly ignoredKinds: ReadonlyMap<string, number>
}

interface FileState {
  /** The identities that it claims. */
  readonly keys: readonly string[]
  readonly problems: readonly ManifestProblem[]
  readonly documents: number
  readonly ignored: ReadonlyMap<string, number>
}

/** A claim that is kept always has objects, its own or its last good ones. */
type Claim = ManifestClaim & { readonly objects: readonly ManifestedObject[] }

/** Claims by identity, those of one file in document order. */
type ClaimsByKey = ReadonlyMap<string, readonly Claim[]>

/** An identity whose claims may be others than before, and what counted before. */
interface Touch {
  readonly identity: ManifestIdentity
  readonly given: Claim | undefined
}

/**
 * Which objects a folder of manifests amounts to. Each file claims identities; of several claims on
 * one identity the first counts, by path in byte order and then by document, and the others are
 * problems. What counts is a function of the folder's content, except that what can no longer be read
 * or is refused keeps its last good state:
 *
 * ```
 *   file ──▶ identities that it claims          a.yaml: default/web ─┐
 *   identity ──▶ claims, the first counts       b.yaml: default/web ─┴▶ a.yaml counts
 * ```
 */
export class ManifestSet {
  readonly #files = new Map<string, FileState>()
  readonly #claims = new Map<string, readonly Claim[]>()
  readonly #namespaces = new NamespaceSet()
  readonly #duplicates = new Map<string, readonly ManifestProblem[]>()
  #folderProblem: ManifestProblem | undefined
  #problems: ReadonlyMap<string, ManifestProblem> = new Map()

  /** Takes the changes of some files and says what follows for the whole. */
  apply(changes: readonly FileChange[]): ManifestBatch {
    const touched = new Map<string, Touch>()
    for (const change of changes) this.#applyChange(change, touched)
    return { ...this.#settle(touched), ...this.#compareProblems() }
  }

  /** Notes why the folder as a whole, named as people know it, cannot be read, or with `undefined` that it can again. */
  applyFolderState(folder: string, reason: string | undefined): ManifestBatch {
    this.#folderProblem = reason === undefined ? undefined : fileProblem(folder, reason)
    return { upserts: [], deletes: [], ...this.#compareProblems() }
  }

  /**
   * Which of some files, just read, lack an object that they had, as a half-written file would. An
   * object that moved from one of them to another is no loss.
   */
  lossesIn(files: readonly ManifestFile[]): ReadonlySet<string> {
    const claimed = new Set(files.flatMap(file => file.claims.map(claim => keyOf(claim.identity))))
    const losing = files.filter(({ path, whole }) => {
      const before = this.#files.get(path)?.keys ?? []
      return whole && before.some(key => !claimed.has(key))
    })
    return new Set(losing.map(file => file.path))
  }

  get counts(): ManifestCounts {
    const ignoredKinds = new Map<string, number>()
    let documents = 0
    for (const file of this.#files.values()) {
      documents += file.documents
      for (const [kind, count] of file.ignored)
        ignoredKinds.set(kind, (ignoredKinds.get(kind) ?? 0) + count)
    }
    return { files: this.#files.size, documents, objects: this.#claims.size, ignoredKinds }
  }

  #applyChange(change: FileChange, touched: Map<string, Touch>): void {
    const path = change.type === 'read' ? change.file.path : change.path
    const state = this.#files.get(path)
    const before = this.#claimsIn(path)
    const after = claimsAfter(before, change)
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      const known = this.#claims.get(key) ?? []
      const claims = replaceClaims(known, path, after.get(key) ?? [])
      if (!touched.has(key))
        touched.set(key, { identity: (known[0] ?? claims[0])!.identity, given: known[0] })
      if (claims.length > 0) this.#claims.set(key, claims)
      else this.#claims.delete(key)
    }
    const keys = [...after.keys()]
    if (change.type === 'gone') {
      this.#files.delete(path)
    } else if (change.type === 'read') {
      const { problems, documents, ignored } = change.file
      this.#files.set(path, { keys, problems, documents, ignored })
    } else {
      const { documents, ignored } = state ?? { documents: 0, ignored: new Map<string, number>() }
      const problems = [fileProblem(path, change.reason)]
      this.#files.set(path, { keys, problems, documents, ignored })
    }
  }

  #settle(touched: ReadonlyMap<string, Touch>): ObjectChanges {
    const upserts: ManifestObject[] = []
    const deletes: ManifestReference[] = []
    for (const [key, { identity, given }] of touched) {
      const [winner, ...others] = this.#claims.get(key) ?? []
      if (winner && others.length > 0) this.#duplicates.set(key, duplicateProblems(winner, others))
      else this.#duplicates.delete(key)
      this.#namespaces.note(identity, { given, winner })
      if (identity.kind === 'Namespace') continue
      const changes = compareObjects(given, winner)
      upserts.push(...changes.upserts)
      deletes.push(...changes.deletes)
    }
    const namespaces = this.#namespaces.settle()
    return {
      upserts: [...namespaces.upserts.sort(byPlace), ...upserts.sort(byPlace)],
      deletes: [...deletes, ...namespaces.deletes],
    }
  }

  /** The claims of one file. */
  #claimsIn(path: string): ClaimsByKey {
    const keys = this.#files.get(path)?.keys ?? []
    return new Map(
      keys.map(key => [key, this.#claims.get(key)!.filter(claim => claim.place.file === path)]),
    )
  }

  #compareProblems(): Pick<ManifestBatch, 'problems' | 'solved'> {
    const before = this.#problems
    const after = new Map<string, ManifestProblem>()
    const ofFiles = [...this.#files.values()].map(file => file.problems)
    for (const problems of [this.#folderProblem ?? [], ...ofFiles, ...this.#duplicates.values()])
      for (const problem of [problems].flat()) after.set(problemKey(problem), problem)
    this.#problems = after
    return { problems: missingFrom(before, after), solved: missingFrom(after, before) }
  }
}

function missingFrom(
  known: ReadonlyMap<string, ManifestProblem>,
  problems: ReadonlyMap<string, ManifestProblem>,
): readonly ManifestProblem[] {
  return [...problems].filter(([key]) => !known.has(key)).map(([, problem]) => problem)
}

/** The claims of a file after a change: what it lacks through a fault keeps its last good state. */
function claimsAfter(before: ClaimsByKey, change: FileChange): ClaimsByKey {
  if (change.type === 'unreadable') return before
  const claims = new Map<string, Claim[]>()
  if (change.type === 'gone') return claims
  const seen = new Map<string, number>()
  for (const claim of change.file.claims) {
    const key = keyOf(claim.identity)
    const position = seen.get(key) ?? 0
    seen.set(key, position + 1)
    const objects = claim.objects ?? before.get(key)?.[position]?.objects
    if (!objects) continue
    const known = claims.get(key)
    if (known) known.push({ ...claim, objects })
    else claims.set(key, [{ ...claim, objects }])
  }
  if (change.file.whole) return claims
  for (const [key, old] of before) if (!seen.has(key)) claims.set(key, [...old])
  return claims
}

/** All claims on an identity in the order in which they count, with other ones of the file `path`. */
function replaceClaims(
  all: readonly Claim[],
  path: string,
  claims: readonly Claim[],
): readonly Claim[] {
  const others = all.filter(claim => claim.place.file !== path)
  if (others.length === 0) return claims
  return [...others, ...claims].sort((a, b) => comparePaths(a.place.file, b.place.file))
}

function fileProblem(file: string, message: string): ManifestProblem {
  const place = { file, document: 0, item: undefined, line: 0 }
  return { severity: 'error', place, subject: '', field: '', message }
}

function duplicateProblems(winner: Claim, others: readonly Claim[]): readonly ManifestProblem[] {
  return others.map(({ identity, place }) => ({
    severity: 'error',
    place,
    subject: `${identity.kind} "${renderIdentity(identity)}"`,
    field: '',
    message: 'does not count: already defined in',
    otherPlace: winner.place,
  }))
}

function compareObjects(given: Claim | undefined, winner: Claim | undefined): ObjectChanges {
  const olds = given?.objects ?? []
  const news = winner?.objects ?? []
  const changed = news.filter(
    object =>
      !isDeepStrictEqual(
        object,
        olds.find(old => nameOf(old) === nameOf(object)),
      ),
  )
  const gone = olds.filter(old => !news.some(object => nameOf(object) === nameOf(old)))
  return {
    upserts: changed.map(object => ({ object, place: winner!.place })),
    deletes: gone.map(({ kind, name }) => {
      return { kind, namespace: given!.identity.namespace, name }
    }),
  }
}

function nameOf(object: ManifestedObject): string {
  return object.name
}

/** Joined, because V8 would keep a text put together with `+` as a tree of its parts. */
function keyOf({ kind, namespace, name }: ManifestIdentity): string {
  return [kind, ' ', namespace, '/', name].join('')
}

function byPlace(one: ManifestObject, other: ManifestObject): number {
  const [a, b] = [one.place, other.place]
  if (!a || !b) return Number(b === undefined) - Number(a === undefined)
  return comparePaths(a.file, b.file) || a.document - b.document || (a.item ?? 0) - (b.item ?? 0)
}
