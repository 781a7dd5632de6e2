import type { Query } from './handler.ts'

const mark = 'transfer/allowed'

/** The query, marked for the links that hold zones: the client may have them. */
export function allowTransfer(query: Query): Query {
  return { ...query, metadata: new Map([...query.metadata, [mark, () => 'true']]) }
}

/**
 * True when `transfer` lets this client have the zone. A link that holds it answers with all records, the SOA first and last,
 * as one answer section; without this it answers REFUSED.
 */
export function isTransferAllowed({ metadata }: Query): boolean {
  return metadata.has(mark)
}
