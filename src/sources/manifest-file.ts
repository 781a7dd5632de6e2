import { isRawObject } from '../objects/raw-value.ts'
import type { Breather } from './breather.ts'
import { type DocumentText, splitDocuments } from './document-splitter.ts'
import { splitList } from './list-splitter.ts'
import {
  type DocumentFault,
  type DocumentValue,
  parseJson,
  parseYaml,
} from './manifest-document.ts'
import { listedKind, type ManifestClaim, readObjects } from './manifest-objects.ts'
import type { ManifestPlace, ManifestProblem } from './manifest-problem.ts'
import type { StringPool } from './string-pool.ts'

/** A file of manifests, read: what it says of which object, and what is wrong with it. */
export interface ManifestFile {
  /** Relative to the folder, with slashes. */
  readonly path: string
  /** False when a document could not be parsed, so that what is missing may be in that one. */
  readonly whole: boolean
  /** In document order. */
  readonly claims: readonly ManifestClaim[]
  readonly problems: readonly ManifestProblem[]
  readonly documents: number
  /** Documents and list items of kinds that are not read. */
  readonly ignored: ReadonlyMap<string, number>
}

export interface ManifestFileContext {
  readonly breather: Breather
  readonly pool: StringPool
}

/** A List longer than this is parsed item by item. */
const LONG_LIST_CHARS = 100_000

/** Parses, checks and reduces the bytes of one file. Whatever they are, it does not throw. */
export async function readManifestFile(
  path: string,
  bytes: Buffer,
  context: ManifestFileContext,
): Promise<ManifestFile> {
  const collector = new FileCollector(path, context)
  try {
    const json = path.endsWith('.json')
    for (const document of json ? wholeDocument(bytes) : splitDocuments(bytes)) {
      await context.breather.pause()
      if (json) collector.add(document, parseJson(document.text))
      else if (!(await collector.addLongList(document)))
        collector.add(document, parseYaml(document.text))
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    collector.addFault(undefined, { message: 'not UTF-8 text', line: undefined })
  }
  return collector.result()
}

function* wholeDocument(bytes: Buffer): Generator<DocumentText> {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  const firstLine = 1
  const contentLine = (/^\s*/.exec(text)?.[0].match(/\n/g)?.length ?? 0) + 1
  if (text.trim() !== '') yield { number: 1, text, firstLine, contentLine }
}

class FileCollector {
  readonly #path: string
  readonly #context: ManifestFileContext
  readonly #claims: ManifestClaim[] = []
  readonly #problems: ManifestProblem[] = []
  readonly #ignored = new Map<string, number>()
  #documents = 0
  #whole = true

  constructor(path: string, context: ManifestFileContext) {
    this.#path = path
    this.#context = context
  }

  result(): ManifestFile {
    return {
      path: this.#path,
      whole: this.#whole,
      claims: this.#claims,
      problems: this.#problems,
      documents: this.#documents,
      ignored: this.#ignored,
    }
  }

  add(document: DocumentText, { value, fault }: DocumentValue): void {
    this.#documents = document.number
    if (fault) this.addFault(document, fault)
    else this.#addValue(value, this.#placeOf(document))
  }

  addFault(document: DocumentText | undefined, fault: Omit<DocumentFault, 'lacksAnchor'>): void {
    this.#whole = false
    const line = fault.line === undefined ? undefined : document!.firstLine + fault.line - 1
    const place = document
      ? { ...this.#placeOf(document), line: line ?? document.contentLine }
      : { file: this.#path, document: 0, item: undefined, line: 0 }
    const message = `does not parse: ${fault.message}`
    this.#problems.push({ severity: 'error', place, subject: '', field: '', message })
  }

  /** False when the document is no long List in block style, and nothing was added. */
  async addLongList(document: DocumentText): Promise<boolean> {
    const list = document.text.length < LONG_LIST_CHARS ? undefined : splitList(document.text)
    const frame = list && parseYaml(list.frame).value
    if (!list || !isRawObject(frame) || listedKind(frame) === undefined) return false
    const claims = this.#claims.length
    const problems = this.#problems.length
    const ignored = new Map(this.#ignored)
    for (const [item, { text, linesBefore }] of list.items.entries()) {
      await this.#context.breather.pause()
      const { value, fault } = parseYaml(text)
      if (fault) {
        // One document is one: what was read of it does not count.
        this.#claims.length = claims
        this.#problems.length = problems
        this.#restoreIgnored(ignored)
        if (fault.lacksAnchor) return false
        this.#documents = document.number
        this.addFault(document, { ...fault, line: (fault.line ?? 1) + linesBefore })
        return true
      }
      const line = document.firstLine + linesBefore
      this.#addValue({ ...frame, items: value }, { ...this.#placeOf(document), item, line })
    }
    this.#documents = document.number
    return true
  }

  #addValue(value: unknown, place: ManifestPlace): void {
    for (const reading of readObjects(value, place)) {
      if (reading.type === 'claim') this.#claims.push(this.#context.pool.detach(reading.claim))
      else if (reading.type === 'problem')
        this.#problems.push(this.#context.pool.detach(reading.problem))
      else this.#ignored.set(reading.kind, (this.#ignored.get(reading.kind) ?? 0) + 1)
    }
  }

  #restoreIgnored(ignored: ReadonlyMap<string, number>): void {
    this.#ignored.clear()
    for (const [kind, count] of ignored) this.#ignored.set(kind, count)
  }

  #placeOf(document: DocumentText): ManifestPlace {
    return {
      file: this.#path,
      document: document.number,
      item: undefined,
      line: document.contentLine,
    }
  }
}
