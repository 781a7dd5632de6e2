import { EdnsCode } from '../../dns/edns.ts'
import { classIn } from '../../dns/header.ts'
import { Rcode } from '../../dns/rcode.ts'
import type { ResourceRecord } from '../../dns/resource-record.ts'
import { rrClassNames } from '../../dns/rr-class.ts'
import { RrType } from '../../dns/rr-type.ts'
import {
  isInZone,
  lowerCaseName,
  parseName,
  renderName,
  type WireName,
} from '../../dns/wire-name.ts'
import type { Answer, Handler, Query, Reply } from '../handler.ts'
import type { Plugin } from '../plugin.ts'
import { isScanIn } from '../scan-zones.ts'
import type { ServingContext } from '../serving-context.ts'
import { readTemplate, type TemplateSettings } from './read-template.ts'
import { templateData, type TemplateMatch, typeNameOf } from './template-data.ts'
import { TemplateError } from './template-error.ts'
import { TemplateRecords } from './template-records.ts'

/** Answers made from the question by templates. */
export const template: Plugin<TemplateSettings> = {
  name: 'template',
  isRepeatable: true,
  read: readTemplate,
  serve: (settings, context) => {
    const templates = settings.map(one => new Template(one, context))
    const handle: Handler = (query, next) => {
      for (const one of templates) {
        const match = one.match(query)
        if (match === 'servfail') return { rcode: Rcode.servFail, authoritative: false }
        if (match !== undefined) return one.answer(query, match)
      }
      return next()
    }
    return {
      handle,
      leavesClusterAnswers: scan => {
        for (let i = 0; i < templates.length; i++) {
          const one = templates[i]!
          if (one.isFor(scan) && isScanIn(scan, one.zones)) return false
        }
        return true
      },
      ...(settings.some(one => one.class !== classIn) && { takesOtherClasses: true }),
    }
  },
}

const anyClass = 255

class Template {
  /** The longest first. */
  readonly zones: readonly WireName[]
  readonly #settings: TemplateSettings
  readonly #fallthrough: readonly WireName[]
  readonly #records: TemplateRecords
  readonly #askServer: ServingContext['askServer']

  constructor(settings: TemplateSettings, context: ServingContext) {
    this.#settings = settings
    this.zones = settings.zones.map(zone => parseName(zone)!).sort((a, b) => b.length - a.length)
    this.#fallthrough = settings.fallthrough.map(zone => parseName(zone)!)
    this.#records = new TemplateRecords(context)
    this.#askServer = context.askServer
  }

  /** True for questions of its class and type. */
  isFor(asked: { readonly class: number; readonly type: number }): boolean {
    const { class: ownClass, type } = this.#settings
    if (ownClass !== anyClass && asked.class !== anyClass && asked.class !== ownClass) return false
    return type === RrType.any || asked.type === RrType.any || asked.type === type
  }

  /** `undefined` where the next template is to be asked. */
  match(query: Query): TemplateMatch | 'servfail' | undefined {
    const zone = this.zones.find(one => isInZone(query.name, one))
    if (!zone || !this.isFor(query)) return undefined
    const name = renderName(query.name)
    for (const pattern of this.#settings.patterns) {
      const groups = pattern.exec(name)
      if (!groups) continue
      const { class: ownClass, type } = this.#settings
      const className = rrClassNames[query.class === anyClass ? ownClass : query.class] ?? ''
      return {
        zone: renderName(zone),
        pattern,
        groups,
        className,
        typeName: typeNameOf(query.type, type),
      }
    }
    return this.#fallthrough.some(one => isInZone(query.name, one)) ? undefined : 'servfail'
  }

  answer(query: Query, match: TemplateMatch): Answer {
    const labels = { zone: match.zone, class: match.className, type: match.typeName }
    this.#records.countMatch(labels)
    const { rcode, extendedError, answers, authority, additional } = this.#settings
    if (rcode === Rcode.servFail) return { rcode, authoritative: false }
    const data = templateData(query, match)
    let reply: Reply & { readonly answers: readonly ResourceRecord[] }
    try {
      const make = this.#records.make.bind(this.#records)
      reply = {
        rcode,
        authoritative: true,
        answers: answers.map(one => make(one, data, { section: 'answer', labels })),
        authority: authority.map(one => make(one, data, { section: 'authority', labels })),
        additional: additional.map(one => make(one, data, { section: 'additional', labels })),
        ...(extendedError && { options: [extendedErrorOption(extendedError)] }),
      }
    } catch (error) {
      // Counted; the error log says which template it is. Anything else is a fault of ours.
      if (!(error instanceof TemplateError)) throw error
      return { rcode: Rcode.servFail, authoritative: false, error: error.message }
    }
    const isAddress = query.type === RrType.a || query.type === RrType.aaaa
    const hasAlias = isAddress && reply.answers.some(({ type }) => type === RrType.cname)
    return hasAlias ? this.#followed(query, reply) : reply
  }

  /** With what this server knows of the aliases' targets, each behind its alias. */
  async #followed(
    query: Query,
    reply: Reply & { readonly answers: readonly ResourceRecord[] },
  ): Promise<Reply> {
    const answers: ResourceRecord[] = []
    let truncated = false
    for (const record of reply.answers) {
      answers.push(record)
      if (record.type !== RrType.cname) continue
      const name = lowerCaseName(record.rdata)
      const found = await this.#askServer({ ...query, name, spelling: record.rdata })
      answers.push(...(found.answers ?? []))
      truncated ||= found.truncated ?? false
    }
    return { ...reply, answers, ...(truncated && { truncated }) }
  }
}

/** The code, then the reason as text. RFC 8914 §2. */
function extendedErrorOption({
  code,
  reason,
}: {
  readonly code: number
  readonly reason: string
}): {
  readonly code: number
  readonly data: Uint8Array
} {
  return {
    code: EdnsCode.extendedError,
    data: Uint8Array.of(code >> 8, code & 0xff, ...new TextEncoder().encode(reason)),
  }
}
