import { renderRrType } from '../../dns/rr-type.ts'
import { renderName } from '../../dns/wire-name.ts'
import type { Query } from '../handler.ts'

/** What a template computes with. */
export type TemplateValue =
  | string
  | number
  | boolean
  | undefined
  | readonly TemplateValue[]
  | { readonly [key: string]: TemplateValue }
  | TemplateFunction

export type TemplateFunction = (...values: readonly TemplateValue[]) => TemplateValue

/** The fields of the dot, which are CoreDNS's. */
export const fieldNames = [
  'Zone',
  'Name',
  'Regex',
  'Match',
  'Group',
  'Class',
  'Type',
  'Message',
  'Question',
  'Remote',
  'Meta',
]

/** How a query has matched. */
export interface TemplateMatch {
  readonly zone: string
  readonly pattern: RegExp
  readonly groups: RegExpExecArray
  readonly className: string
  readonly typeName: string
}

/** The dot of a template. */
export function templateData(query: Query, match: TemplateMatch): Record<string, TemplateValue> {
  const { zone, pattern, groups, className, typeName } = match
  const question = { Name: renderName(query.spelling), Qtype: query.type, Qclass: query.class }
  const numbered = groups.map((text, index) => [String(index), text ?? ''] as const)
  const named = Object.entries(groups.groups ?? {}).map(
    ([name, text]) => [name, text ?? ''] as const,
  )
  return {
    Zone: zone,
    Name: renderName(query.name),
    Regex: pattern.source,
    Match: groups.map(text => text ?? ''),
    Group: Object.fromEntries([...numbered, ...named]),
    Class: className,
    Type: typeName,
    Message: {
      Id: query.id,
      Opcode: 0,
      RecursionDesired: query.recursionDesired,
      AuthenticatedData: query.authenticData,
      CheckingDisabled: query.checkingDisabled,
      Question: [question],
    },
    Question: question,
    Remote: query.client.address,
    Meta: name => (typeof name === 'string' ? (query.metadata.get(name)?.() ?? '') : ''),
  }
}

/** The type as templates and metrics say it: that of the question, or of the template where the question is for all. */
export function typeNameOf(asked: number, own: number): string {
  const any = 255
  return renderRrType(asked === any ? own : asked)
}
