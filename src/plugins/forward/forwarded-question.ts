import type { EdnsOption } from '../../dns/edns.ts'
import type { Query } from '../handler.ts'
import type { Question } from './outcome.ts'

/** Options between a client and its server, which say nothing to the next: NSID, EXPIRE, COOKIE, keepalive, padding. */
const hopOptions: ReadonlySet<number> = new Set([3, 9, 10, 11, 12])

/** What of a query goes upstream. Without EDNS of the client there is one of our own, so that replies may be longer. */
export function questionOf(query: Query): Question {
  const { spelling: name, type, edns, recursionDesired, checkingDisabled } = query
  const options = edns?.options.filter(({ code }) => !hopOptions.has(code)) ?? []
  return {
    name,
    type,
    class: query.class,
    recursionDesired,
    checkingDisabled,
    // Asked always and told only to those who ask, so that all can share the answer.
    authenticData: true,
    edns: { dnssecOk: edns?.dnssecOk ?? false, options },
  }
}

/** Equal for questions that have the same answer, whatever the letter case of the name. */
export function keyOf({ name }: Query, question: Question): string {
  const { type, recursionDesired, checkingDisabled, edns } = question
  const flags = (recursionDesired ? 1 : 0) | (checkingDisabled ? 2 : 0) | (edns?.dnssecOk ? 4 : 0)
  const options = edns?.options.map(renderOption).join() ?? ''
  return `${type} ${question.class} ${flags} ${options} ${latin1(name)}`
}

function renderOption({ code, data }: EdnsOption): string {
  return `${code}:${latin1(data)}`
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}
