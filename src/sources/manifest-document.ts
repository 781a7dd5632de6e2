import {
  type ParseOptions,
  type DocumentOptions,
  type SchemaOptions,
  parseDocument,
  type YAMLParseError,
} from 'yaml'

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

/** Uses of one anchor, its own aliases included, beyond which a document counts as hostile. */
const MAX_ALIAS_COUNT = 10_000

/**
 * kubectl's dialect: YAML 1.1 with `yes` and `on` as booleans and `<<` as merge, but without numbers
 * to base 60 and without dates, which sigs.k8s.io/yaml reads as strings.
 */
const dialect: ParseOptions & DocumentOptions & SchemaOptions = {
  version: '1.1',
  schema: 'yaml-1.1',
  customTags: tags =>
    tags.filter(
      tag =>
        typeof tag === 'string' ||
        ('format' in tag && tag.format === 'TIME' ? false : !leftOutTags.has(tag.tag)),
    ),
  resolveKnownTags: false,
  logLevel: 'error',
  prettyErrors: false,
}
const leftOutTags: ReadonlySet<string> = new Set(
  ['binary', 'omap', 'pairs', 'set', 'timestamp'].map(name => `tag:yaml.org,2002:${name}`),
)

/** Parses one YAML document; JSON in a YAML file is read as such, because that is much faster. */
export function parseYaml(text: string): DocumentValue {
  if (/^\s*\{/.test(text)) {
    const json = parseJson(text)
    if (json.fault === undefined) return json
  }
  try {
    const document = parseDocument(text, dialect)
    const error = document.errors[0]
    if (!error) return parsed(document.toJS({ maxAliasCount: MAX_ALIAS_COUNT }))
    return fault(plainMessage(error), { line: lineAt(text, error.pos[0]) })
  } catch (error) {
    // The library throws on too many or unknown aliases, and on nesting that exhausts the stack.
    const { message } = error as Error
    return error instanceof RangeError
      ? fault(tooDeep)
      : fault(message, { lacksAnchor: /^(Unresolved alias|Merge sources)/.test(message) })
  }
}

const tooDeep = 'nested too deeply'

function plainMessage(error: YAMLParseError): string {
  if (error.code === 'MULTIPLE_DOCS') return 'content after the end of the document'
  return /call stack/.test(error.message) ? tooDeep : error.message
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
