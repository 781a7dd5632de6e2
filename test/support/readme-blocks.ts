/** One command of a document and the output that stands below it. */
export interface ReadmeStep {
  readonly command: string
  /** `sh` blocks hold commands only: no output is claimed. */
  readonly language: 'console' | 'sh'
  /** The lines below the command, up to the next command or the end of the block. */
  readonly output: readonly string[]
  /** Of the command, from 1. */
  readonly line: number
}

/** Every command of the `console` and `sh` blocks of a Markdown text, in order. */
export function parseSteps(markdown: string): ReadmeStep[] {
  const steps: (ReadmeStep & { output: string[] })[] = []
  let language = ''
  for (const [index, text] of markdown.split('\n').entries()) {
    const fence = /^```(\w*)$/.exec(text)
    if (fence) {
      language = language === '' ? fence[1] || 'text' : ''
    } else if (language === 'console' && text.startsWith('$ ')) {
      steps.push({ command: text.slice(2), language, output: [], line: index + 1 })
    } else if (language === 'console') {
      steps.at(-1)!.output.push(text)
    } else if (language === 'sh' && text !== '' && !text.startsWith('#')) {
      steps.push({ command: text, language, output: [], line: index + 1 })
    }
  }
  return steps
}

/** The text with the outputs of some commands replaced. */
export function replaceOutputs(
  markdown: string,
  outputs: ReadonlyMap<ReadmeStep, readonly string[]>,
): string {
  const lines = markdown.split('\n')
  // From the end, so that the lines of earlier steps stay where they are.
  for (const [step, output] of [...outputs].sort(([a], [b]) => b.line - a.line)) {
    lines.splice(step.line, step.output.length, ...output)
  }
  return lines.join('\n')
}

/** Lines of dig that depend on its version or say the time. */
const changing = /^(; <<>> |;; WARNING: |;; WHEN: |You are currently testing )/

/** What must be equal from run to run: without numbers that vary, and with rotated addresses in order. */
export function normaliseOutput(output: readonly string[]): string[] {
  const lines = output
    .filter(line => !changing.test(line))
    .map(line =>
      line
        .replace(/\s+/g, ' ')
        .replace(/\bid: \d+/, 'id: ID')
        .replace(/\b[\d.]+ (msec|ms)\b/, 'TIME')
        .replace(/^\d\d:\d\d:\d\d /, '')
        .replace(/(SOA \S+ \S+) \d+ /, '$1 SERIAL ')
        .replace(/\d+ threads$/, 'N threads')
        .trim(),
    )
  const sorted: string[] = []
  for (let start = 0; start < lines.length;) {
    let end = start + 1
    while (isAddress(lines[start]!) && end < lines.length && isAddress(lines[end]!)) end++
    sorted.push(...lines.slice(start, end).sort())
    start = end
  }
  return sorted
}

function isAddress(line: string): boolean {
  return /^\S+ \d+ IN (A|AAAA) /.test(line)
}
