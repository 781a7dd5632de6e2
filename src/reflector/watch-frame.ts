import { type ApiStatus, readApiStatus } from './api-status.ts'
import { isObject } from './is-object.ts'
import type { ApiObject } from './reflector-sink.ts'

/** What one line of a watch says. */
export type WatchFrame =
  | { readonly kind: 'upsert' | 'delete'; readonly object: ApiObject }
  | {
      readonly kind: 'bookmark'
      readonly resourceVersion: string
      /** All objects that there were at the start of a streamed list have been sent. */
      readonly endsInitialEvents: boolean
    }
  | { readonly kind: 'error'; readonly status: ApiStatus }
  /** It cannot be understood, so what it would have changed is unknown. */
  | { readonly kind: 'bad'; readonly fault: string }

const initialEventsEnd = 'k8s.io/initial-events-end'

/** Never throws. The faults do not quote the frame: objects do not belong into logs. */
export function readWatchFrame(text: string): WatchFrame {
  const frame = parseJson(text)
  if (!isObject(frame)) return { kind: 'bad', fault: 'it is no JSON object' }
  const { type, object } = frame
  if (type === 'ERROR') {
    const status = readApiStatus(object)
    return status
      ? { kind: 'error', status }
      : { kind: 'bad', fault: 'it is an error without a Status' }
  }
  if (!isObject(object)) return { kind: 'bad', fault: 'it has no object' }
  if (type === 'BOOKMARK') return readBookmark(object)
  if (!isApiObject(object))
    return { kind: 'bad', fault: 'its object has no name or no resource version' }
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
      return { kind: 'upsert', object }
    case 'DELETED':
      return { kind: 'delete', object }
    default:
      return { kind: 'bad', fault: 'its type is unknown' }
  }
}

/** Whether it has what tells objects and their versions apart. */
export function isApiObject(value: unknown): value is ApiObject {
  if (!isObject(value) || !isObject(value['metadata'])) return false
  const { name, namespace, resourceVersion } = value['metadata']
  if (namespace !== undefined && typeof namespace !== 'string') return false
  return isText(name) && isText(resourceVersion)
}

function readBookmark(object: Readonly<Record<string, unknown>>): WatchFrame {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {}
  const { resourceVersion, annotations } = metadata
  if (!isText(resourceVersion)) return { kind: 'bad', fault: 'a bookmark has no resource version' }
  const endsInitialEvents = isObject(annotations) && annotations[initialEventsEnd] === 'true'
  return { kind: 'bookmark', resourceVersion, endsInitialEvents }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The caller says that the frame is bad; the parser's message would quote it.
    return undefined
  }
}
