/** An object as tests write it: the log gives it its resource version. */
export interface FakeObject {
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly [field: string]: unknown
}

export interface StoredObject extends FakeObject {
  readonly metadata: FakeObject['metadata'] & { readonly resourceVersion: string }
}

export interface LogEntry {
  readonly version: number
  /** `/api/v1/services` */
  readonly collection: string
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly object: StoredObject
}

type Objects = Map<string, StoredObject>

/** What etcd is to an API server: every change with its number, and the objects as they were after any of them. */
export class ObjectLog {
  /** The number of the newest change. */
  version = 1
  /** Changes up to this one are forgotten. */
  compacted = 0
  /** Called with each change. */
  onEntry: (entry: LogEntry) => void = () => {}
  #entries: LogEntry[] = []
  readonly #newest = new Map<string, Objects>()

  /** Creates or replaces. */
  put(collection: string, object: FakeObject): StoredObject {
    const version = ++this.version
    const metadata = { ...object.metadata, resourceVersion: String(version) }
    const stored = { ...object, metadata }
    const type = this.#objects(collection).has(keyOf(object)) ? 'MODIFIED' : 'ADDED'
    this.#add({ version, collection, type, object: stored })
    return stored
  }

  /** False where there is none. */
  delete(collection: string, { metadata }: FakeObject): boolean {
    const object = this.#objects(collection).get(keyOf({ metadata }))
    if (!object) return false
    const version = ++this.version
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } }
    this.#add({ version, collection, type: 'DELETED', object: stored })
    return true
  }

  /** A watch can no longer begin before the newest change. */
  compact(): void {
    this.compacted = this.version
  }

  /** As from a backup: everything after `version` has never been. */
  restore(version: number): void {
    this.#entries = this.#entries.filter(entry => entry.version <= version)
    this.version = version
    this.compacted = Math.min(this.compacted, version)
    this.#newest.clear()
    for (const entry of this.#entries) apply(this.#objects(entry.collection), entry)
  }

  /** By name, as they were after change `version`. */
  list(collection: string, version = this.version): StoredObject[] {
    let objects = this.#objects(collection)
    if (version < this.version) {
      objects = new Map()
      for (const entry of this.#entries)
        if (entry.collection === collection && entry.version <= version) apply(objects, entry)
    }
    return [...objects.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  }

  /** Changes after `version`. */
  since(collection: string, version: number): LogEntry[] {
    return this.#entries.filter(entry => entry.collection === collection && entry.version > version)
  }

  #add(entry: LogEntry): void {
    this.#entries.push(entry)
    apply(this.#objects(entry.collection), entry)
    this.onEntry(entry)
  }

  #objects(collection: string): Objects {
    const objects = this.#newest.get(collection) ?? new Map<string, StoredObject>()
    this.#newest.set(collection, objects)
    return objects
  }
}

function keyOf({ metadata }: FakeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`
}

function apply(objects: Objects, { type, object }: LogEntry): void {
  if (type === 'DELETED') objects.delete(keyOf(object))
  else objects.set(keyOf(object), object)
}
