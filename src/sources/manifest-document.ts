import {
  CORE_SCHEMA,
  defineScalarTag,
  floatYaml11Tag,
  intYaml11Tag,
  loadAll,
  mergeTag,
  NOT_RESOLVED,
  boolYaml11Tag,
  nullYaml11Tag,
  type ScalarTagDefinition,
  YAMLException,
} from 'js-yaml'

/** A document as a value, or what keeps it from being one. */
export interface DocumentValue {
  readonly value: unknown
  readonly fault: DocumentFault | undefined
}

export interface DocumentFault {
  readonly message: string
  /** From 1, in the text that was parsed; `undefined` when the parser does not say. */
  readonly line: number | undefined
  /** True for an alias without its anchor, which a document taken apart may have lost. */
  readonly lacksAnchor: boolean
}

/** Nodes that a document with aliases may come to when each alias counts as a copy; beyond, it is hostile. */
const maxAliasedNodes = 1_000_000
const maxDepth = 100

/**
 * kubectl's dialect: YAML 1.1 with `yes` and `on` as booleans and `<<` as merge, but without numbers
 * to base 60 and without dates, which sigs.k8s.io/yaml reads as strings.
 */
const dialect = {
  maxDepth,
  schema: CORE_SCHEMA.withTags(
    nullYaml11Tag,
    boolYaml11Tag,
    withoutBase60(intYaml11Tag),
    withoutBase60(floatYaml11Tag),
    mergeTag,
  ),
}

function withoutBase60(tag: ScalarTagDefinition<number>): ScalarTagDefinition<number> {
  return defineScalarTag(tag.tagName, {
    ...tag,
    resolve: (source, isExplicit, tagName) =>
      source.includes(':') ? NOT_RESOLVED : tag.resolve(source, isExplicit, tagName),
  })
}

/** Parses one YAML document; JSON in a YAML file is read as such, because that is much faster. */
export function parseYaml(text: string): DocumentValue {
  if (/^\s*\{/.test(text)) {
    const json = parseJson(text)
    if (json.fault === undefined) return json
  }
  try {
    const documents = loadAll(text, dialect)
    if (documents.length > 1) {
      const end = text.search(/^\.\.\./m)
      return fault('content after the end of the document', { line: lineAt(text, end + 4) })
    }
    const value = documents[0] ?? null
    if (text.includes('*') && countNodes(value) > maxAliasedNodes) {
      return fault(`its aliases come to more than ${maxAliasedNodes} values`)
    }
    return parsed(value)
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const { reason, mark } = error
    const isAlias = /unidentified alias/.test(reason)
    return fault(reason, {
      ...(mark && { line: lineAt(text, mark.position) }),
      lacksAnchor: isAlias,
    })
  }
}

/** The values in a document, one that is used again counted again; stops soon after the limit. */
function countNodes(root: unknown): number {
  let count = 0
  const open = [root]
  while (open.length > 0 && count <= maxAliasedNodes) {
    const value = open.pop()
    count++
    if (typeof value !== 'object' || value === null) continue
    for (const field of Object.values(value)) open.push(field)
  }
  return count
}

export function parseJson(text: string): DocumentValue {
  try {
    return parsed(JSON.parse(text))
  } catch (error) {
    // Expected of a file that somebody else wrote; V8 gives the offset only in its text.
    const { message } = error as SyntaxError
    const offset = /at position (\d+)/.exec(message)?.[1]
    const line = offset === undefined ? lineAt(text, text.length) : lineAt(text, Number(offset))
    return fault(message.replace(/ \(line \d+ column \d+\)$/, ''), { line })
  }
}

function parsed(value: unknown): DocumentValue {
  return { value, fault: undefined }
}

function fault(
  message: string,
  { line, lacksAnchor = false }: { line?: number; lacksAnchor?: boolean } = {},
): DocumentValue {
  return {
    value: undefined,
    fault: { message: message.replaceAll(/\s*\n\s*/g, ' '), line, lacksAnchor },
  }
}

/** The line of an offset; what is missing at the end is missing on the last line with content. */
function lineAt(text: string, offset: number): number {
  const end = Math.min(offset, text.trimEnd().length)
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) line++
  return line
}
