import { isRawObject, type RawObject, rawObject, rawString } from '../objects/raw-value.ts'
import type { AdmissionRequest } from './review.ts'

export const admissionApiVersion = 'admission.k8s.io/v1'
export const admissionKind = 'AdmissionReview'

/** What a body is. */
export type Envelope =
  | { readonly type: 'review'; readonly request: AdmissionRequest }
  /** A question about something that no webhook here is for: a group, a version or an operation. */
  | { readonly type: 'unhandled'; readonly uid: string; readonly operation: string }
  /** One line for whoever reads the API server's log; it quotes nothing. */
  | { readonly type: 'bad'; readonly message: string }

const operations = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'] as const

/**
 * Reads an AdmissionReview. Strict with the envelope, because without its parts no valid answer exists; what it carries is not
 * looked at, because the API server may know fields that nobody here has heard of.
 */
export function readEnvelope(body: unknown): Envelope {
  if (!isRawObject(body)) return bad('expected an object in JSON')
  if (body['apiVersion'] !== admissionApiVersion || body['kind'] !== admissionKind) {
    return bad(`expected apiVersion ${admissionApiVersion} and kind ${admissionKind}`)
  }
  const { request } = body
  if (!isRawObject(request)) return bad('expected an object as request')
  const fault = faultOf(request)
  if (fault !== undefined) return bad(fault)
  const uid = rawString(request['uid'])
  const operation = operations.find(known => known === request['operation'])
  const { group = '', version, resource } = rawObject(request['resource'])
  // Every webhook here is for the core group; other groups have `services` too.
  if (operation === undefined || group !== '' || version !== 'v1') {
    return { type: 'unhandled', uid, operation: operation ?? 'other' }
  }
  const objects = readObjects(request, operation)
  if (typeof objects === 'string') return bad(objects)
  return {
    type: 'review',
    request: {
      uid,
      operation,
      resource: rawString(resource),
      subresource: rawString(request['subResource']),
      namespace: rawString(request['namespace']),
      name: rawString(request['name']),
      dryRun: request['dryRun'] === true,
      username: rawString(rawObject(request['userInfo'])['username']),
      ...objects,
    },
  }
}

/** What is wrong with the fields around the objects, if anything. */
function faultOf(request: RawObject): string | undefined {
  if (rawString(request['uid']) === '') return 'expected a string as request.uid'
  if (rawString(request['operation']) === '') return 'expected a string as request.operation'
  if (!isRawObject(request['kind'])) return 'expected an object as request.kind'
  const { resource } = request
  if (!isRawObject(resource) || rawString(resource['resource']) === '') {
    return 'expected group, version and resource as request.resource'
  }
  for (const field of ['subResource', 'namespace', 'name']) {
    if (typeof (request[field] ?? '') !== 'string') return `expected a string as request.${field}`
  }
  if (typeof (request['dryRun'] ?? false) !== 'boolean') {
    return 'expected true or false as request.dryRun'
  }
  if (!isRawObject(request['userInfo'] ?? {})) return 'expected an object as request.userInfo'
  return undefined
}

/** Or what is wrong with them. */
function readObjects(
  request: RawObject,
  operation: AdmissionRequest['operation'],
): Pick<AdmissionRequest, 'object' | 'oldObject'> | string {
  const found: Record<'object' | 'oldObject', RawObject | undefined> = {
    object: undefined,
    oldObject: undefined,
  }
  for (const field of ['object', 'oldObject'] as const) {
    const value = request[field] ?? undefined
    const isNeeded = operation === 'UPDATE' || (operation === 'CREATE' && field === 'object')
    if (isRawObject(value)) found[field] = value
    else if (isNeeded || value !== undefined) return `expected an object as request.${field}`
  }
  return found
}

function bad(message: string): Envelope {
  return { type: 'bad', message: `Cannot read the review: ${message}` }
}
