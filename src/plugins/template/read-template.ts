import type { Directive } from '../../corefile/directive.ts'
import { countBetween } from '../../corefile/number-arguments.ts'
import { rcode, rrClass, rrType } from '../../corefile/record-arguments.ts'
import { text } from '../../corefile/text-arguments.ts'
import { Rcode } from '../../dns/rcode.ts'
import type { BlockPlace } from '../plugin.ts'
import { readPattern } from '../read-pattern.ts'
import { readZones } from '../read-zones.ts'
import type { GoTemplate } from './go-template.ts'
import { goTemplate } from './parse-template.ts'

/** What a `template` directive says. Zones are lower case with a final dot. */
export interface TemplateSettings {
  /** 255 is any, of both. */
  readonly class: number
  readonly type: number
  readonly zones: readonly string[]
  /** The first one that matches counts. */
  readonly patterns: readonly RegExp[]
  readonly answers: readonly GoTemplate[]
  readonly authority: readonly GoTemplate[]
  readonly additional: readonly GoTemplate[]
  readonly rcode: number
  /** RFC 8914 */
  readonly extendedError: { readonly code: number; readonly reason: string } | undefined
  /** Zones in which the next template is asked where no pattern matches. */
  readonly fallthrough: readonly string[]
}

/** Reads `template CLASS TYPE [ZONE…] { … }`. */
export function readTemplate(directive: Directive, place: BlockPlace): TemplateSettings {
  const asked = { class: directive.one(rrClass), type: directive.one(rrType) }
  const zones = readZones(directive, place.zones)
  const patterns: RegExp[] = []
  const answers: GoTemplate[] = []
  const authority: GoTemplate[] = []
  const additional: GoTemplate[] = []
  let replyRcode: number = Rcode.noError
  let extendedError: TemplateSettings['extendedError']
  let fallthrough: readonly string[] = []
  directive.block({
    match: line => {
      do {
        patterns.push(readPattern(line))
      } while (line.peek() !== undefined)
    },
    answer: pushTo(answers),
    authority: pushTo(authority),
    additional: pushTo(additional),
    rcode: line => {
      replyRcode = line.one(rcode)
    },
    ederror: line => {
      extendedError = { code: line.one(countBetween(0, 0xffff)), reason: line.optional(text) ?? '' }
    },
    fallthrough: line => {
      fallthrough = readZones(line, ['.'])
    },
    // Of CoreDNS before 1.5: means nothing.
    upstream: line => void line.rest(text),
  })
  return {
    ...asked,
    zones,
    patterns: patterns.length > 0 ? patterns : [/.*/],
    answers,
    authority,
    additional,
    rcode: replyRcode,
    extendedError,
    fallthrough,
  }
}

function pushTo(templates: GoTemplate[]): (line: Directive) => void {
  return line => void templates.push(line.one(goTemplate), ...line.rest(goTemplate))
}
