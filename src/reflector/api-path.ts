import { type ApiResource, resourcePath } from './api-resource.ts'

/** What goes into the query beside the selectors; `undefined` is left out. */
export type ApiQuery = Readonly<Record<string, string | undefined>>

/** `/api/v1/services?watch=1&…` */
export function apiPath(resource: ApiResource, query: ApiQuery): string {
  const { fieldSelector, labelSelector } = resource
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...query, fieldSelector, labelSelector }))
    if (value !== undefined) search.set(name, value)
  return `${resourcePath(resource)}?${search.toString()}`
}

/** A watch that goes on after `resourceVersion`. */
export function watchQuery(resourceVersion: string, timeoutSeconds: number): ApiQuery {
  return {
    watch: '1',
    allowWatchBookmarks: 'true',
    resourceVersion,
    timeoutSeconds: String(timeoutSeconds),
  }
}

/** A watch that begins with all objects, at least as new as `resourceVersion`; '' is as new as the whole cluster, '0' any. */
export function streamedListQuery(resourceVersion: string, timeoutSeconds: number): ApiQuery {
  return {
    ...watchQuery(resourceVersion, timeoutSeconds),
    sendInitialEvents: 'true',
    resourceVersionMatch: 'NotOlderThan',
  }
}
