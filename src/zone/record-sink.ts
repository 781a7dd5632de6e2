import type { WireName } from '../dns/wire-name.ts'
import type { Answer } from './resource-record.ts'

/** Where records go before they are compiled: an AnswerSink, one step earlier. */
export interface RecordSink {
  put(name: WireName, answers: readonly Answer[]): void
  delete(name: WireName): void
}
