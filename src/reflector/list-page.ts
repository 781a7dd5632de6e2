import type { Asked } from './answer-error.ts'
import { protocolError } from './answer-error.ts'
import { isObject } from './is-object.ts'
import type { ApiObject } from './reflector-sink.ts'
import { isApiObject } from './watch-frame.ts'

/** One page of a list. */
export interface ListPage {
  readonly items: readonly ApiObject[]
  /** Of the whole list, and the same on each page. */
  readonly resourceVersion: string
  /** Asks for the next page; '' on the last one. */
  readonly continueToken: string
}

/** Throws where it is no list, or has an item that is no object: a list that is not whole must not sweep anything. */
export function readListPage(body: unknown, asked: Asked): ListPage {
  const metadata = isObject(body) && isObject(body['metadata']) ? body['metadata'] : undefined
  const { resourceVersion, continue: continueToken = '' } = metadata ?? {}
  if (!isObject(body) || typeof resourceVersion !== 'string' || typeof continueToken !== 'string')
    throw protocolError(asked, 'the answer is no list')
  const items = body['items'] ?? []
  if (!Array.isArray(items) || !items.every(isApiObject))
    throw protocolError(asked, 'the list has an item without name or resource version')
  return { items, resourceVersion, continueToken }
}
