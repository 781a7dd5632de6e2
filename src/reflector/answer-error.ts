import type { ApiStatus } from './api-status.ts'
import { type ApiCollection, resourceName } from './api-resource.ts'
import { WatchError, type WatchErrorCode } from './watch-error.ts'

/** What was asked, for messages. */
export interface Asked {
  readonly verb: 'list' | 'watch' | 'get' | 'create' | 'update' | 'patch' | 'delete'
  readonly resource: ApiCollection
  /** `https://10.96.0.1:443` */
  readonly server: string
}

interface Refusal {
  /** Of HTTP; for an error within a watch, of its Status. */
  readonly httpStatus: number
  readonly status: ApiStatus | undefined
  readonly retryAfterMs?: number | undefined
}

/** The error for an answer that is not what was asked for. */
export function answerError(asked: Asked, refusal: Refusal): WatchError {
  const { httpStatus, status, retryAfterMs } = refusal
  const seconds = status?.retryAfterSeconds
  return new WatchError(codeOf(httpStatus, status), messageOf(asked, refusal), {
    status: httpStatus,
    retryAfterMs: retryAfterMs ?? (seconds === undefined ? undefined : seconds * 1000),
  })
}

/** The error for an answer that no API server gives. */
export function protocolError(asked: Asked, fault: string): WatchError {
  return new WatchError('protocol', `${cannot(asked)}: ${fault}`)
}

/** The error for a watch that was over before it began. */
export function briefError(asked: Asked): WatchError {
  return new WatchError('brief', `${cannot(asked)}: the server ends it at once`)
}

/** The error for a server that was restored from a backup, say. */
export function behindError(asked: Asked): WatchError {
  return new WatchError('behind', `${cannot(asked)}: the server has gone back to an older state`)
}

/** The error for a fault of this program, which must not end it. */
export function internalError(asked: Asked, thrown: unknown): WatchError {
  const name = thrown instanceof Error ? thrown.name : typeof thrown
  return new WatchError('internal', `${cannot(asked)}: internal error (${name})`, { cause: thrown })
}

/** `Cannot watch "services" at "https://10.96.0.1:443"` */
function cannot({ verb, resource, server }: Asked): string {
  return `Cannot ${verb} "${resourceName(resource)}" at "${server}"`
}

function codeOf(httpStatus: number, status: ApiStatus | undefined): WatchErrorCode {
  // An API server that lags behind the one asked before says 504, or 500 in old releases.
  if (status?.causes.includes('ResourceVersionTooLarge')) return 'ahead'
  if (status?.message.includes('Too large resource version')) return 'ahead'
  switch (httpStatus) {
    case 400:
    case 405:
    case 415:
    case 422:
    case 501:
      return 'unsupported'
    case 401:
      return 'unauthorized'
    case 403:
      return 'forbidden'
    case 404:
      return 'missing'
    case 410:
      return 'gone'
    case 429:
      return 'throttled'
    default:
      return 'server'
  }
}

function messageOf(asked: Asked, { httpStatus, status }: Refusal): string {
  const { group, version } = asked.resource
  if (httpStatus === 404 && group !== '') {
    const since = group === 'discovery.k8s.io' && version === 'v1' ? ' (needs Kubernetes 1.21)' : ''
    return `${cannot(asked)}: the cluster does not have the API ${group}/${version}${since}`
  }
  // The server's own words name verb, resource and account where something is forbidden.
  return `${cannot(asked)}: ${status?.message || `HTTP status ${httpStatus}`}`
}
