import type { Answer, Reply } from './handler.ts'

/** The reply changed, now if it is there, else when it comes. */
export function mapAnswer(answer: Answer, change: (reply: Reply) => Answer): Answer {
  return answer instanceof Promise ? answer.then(change) : change(answer)
}
