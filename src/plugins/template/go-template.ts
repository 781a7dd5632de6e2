/**
 * A text with `{{ … }}` in it, in the part of Go's text/template that records are written with: fields, calls, pipelines, `if`,
 * `with`, `range`, comments and trim marks. No variables, no templates within templates.
 */
export interface GoTemplate {
  readonly text: string
  readonly nodes: readonly TemplateNode[]
}

export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly pipeline: Pipeline }
  | TemplateBlock

export interface TemplateBlock {
  readonly kind: 'if' | 'with' | 'range'
  readonly pipeline: Pipeline
  readonly body: readonly TemplateNode[]
  readonly otherwise: readonly TemplateNode[]
}

/** The value of each command is the last argument of the next. */
export type Pipeline = readonly Command[]

/** What is called or is the value, and its arguments. */
export type Command = readonly [Operand, ...Operand[]]

export type Operand =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  /** `.Group.a` from the dot, `$.Name` from the root; the dot itself has no path. */
  | { readonly kind: 'field'; readonly from: 'dot' | 'root'; readonly path: readonly string[] }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'pipeline'; readonly pipeline: Pipeline }
