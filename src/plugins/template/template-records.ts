import { parseRecord } from '../../dns/record-text.ts'
import type { ResourceRecord } from '../../dns/resource-record.ts'
import { parseName } from '../../dns/wire-name.ts'
import type { ServingContext } from '../serving-context.ts'
import type { GoTemplate } from './go-template.ts'
import { runTemplate } from './run-template.ts'
import type { TemplateValue } from './template-data.ts'
import { TemplateError } from './template-error.ts'

export type Section = 'answer' | 'authority' | 'additional'

/** What of a match its metrics say. */
export interface MatchLabels {
  readonly zone: string
  readonly class: string
  readonly type: string
}

/** Of records without a TTL, as with CoreDNS. */
const origin = { origin: parseName('.')!, ttlSeconds: 3600 }

/** Makes records of templates, and counts what is wrong with them. */
export class TemplateRecords {
  readonly #context: Pick<ServingContext, 'metrics' | 'block'>

  constructor(context: Pick<ServingContext, 'metrics' | 'block'>) {
    this.#context = context
  }

  countMatch(labels: MatchLabels): void {
    this.#context.metrics.counter('coredns_template_matches_total', this.#labels(labels)).add()
  }

  /** Throws a TemplateError where the template or its record is wrong. */
  make(
    template: GoTemplate,
    data: Readonly<Record<string, TemplateValue>>,
    { section, labels }: { readonly section: Section; readonly labels: MatchLabels },
  ): ResourceRecord {
    const failure = (name: string): void => {
      const all = { ...this.#labels(labels), section, template: template.text }
      this.#context.metrics.counter(`coredns_template_${name}_failures_total`, all).add()
    }
    let text
    try {
      text = runTemplate(template, data)
    } catch (error) {
      failure('template')
      throw error
    }
    const parsed = parseRecord(withClassIn(text, labels.class), origin)
    if ('record' in parsed) return parsed.record
    failure('rr')
    throw new TemplateError(`${JSON.stringify(text)} is not a record: ${parsed.error}`)
  }

  #labels(labels: MatchLabels): Record<string, string> {
    const { server, view } = this.#context.block
    const type = labels.type.startsWith('TYPE') ? 'other' : labels.type
    return { server, zone: labels.zone, view, class: labels.class, type }
  }
}

/** Records are written with the class of the question, whatever it is: here they are all IN. */
function withClassIn(text: string, className: string): string {
  const [, before, word, after] = /^(\S+\s+(?:\d\S*\s+)?)([A-Z]+)(\s[^]*)$/i.exec(text) ?? []
  return word?.toUpperCase() === className ? `${before}IN${after}` : text
}
