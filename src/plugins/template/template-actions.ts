import { TemplateError } from './template-error.ts'

/** A piece of a template: plain text, or the inside of `{{ }}`. */
export interface TemplatePiece {
  readonly kind: 'text' | 'action'
  readonly text: string
}

/** A string in either quotes, or a comment, may have the end mark in it. */
const actionPattern =
  /\{\{(-(?=\s))?((?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|\/\*[^]*?\*\/|[^"`}]|\}(?!\}))*?)((?<=\s)-)?\}\}/y

/** Takes a template apart. Trim marks have done their work; comments are gone. */
export function splitActions(text: string): TemplatePiece[] {
  const pieces: TemplatePiece[] = []
  let trimsNext = false
  for (let at = 0; at < text.length;) {
    const open = text.indexOf('{{', at)
    let plain = text.slice(at, open < 0 ? text.length : open)
    if (trimsNext) plain = plain.trimStart()
    trimsNext = false
    if (open < 0) {
      pieces.push({ kind: 'text', text: plain })
      break
    }
    actionPattern.lastIndex = open
    const [whole, trimBefore, inside = '', trimAfter] = actionPattern.exec(text) ?? []
    if (whole === undefined) throw new TemplateError('{{ is not closed')
    pieces.push({ kind: 'text', text: trimBefore ? plain.trimEnd() : plain })
    trimsNext = trimAfter !== undefined
    if (!/^\s*\/\*[^]*\*\/\s*$/.test(inside)) pieces.push({ kind: 'action', text: inside.trim() })
    at = open + whole.length
  }
  return pieces.filter(({ kind, text: own }) => kind === 'action' || own !== '')
}
