import {
  isRawObject,
  rawArray,
  rawObject,
  type RawObject,
  rawString,
} from '../objects/raw-value.ts'
import {
  groupOf,
  type ManifestedObject,
  type ManifestKind,
  manifestKinds,
} from './manifest-kinds.ts'
import { type ManifestPlace, type ManifestProblem } from './manifest-problem.ts'

/** What two documents must not share. An Endpoints object has an identity apart from its slices'. */
export interface ManifestIdentity {
  readonly kind: string
  /** '' for a Namespace. */
  readonly namespace: string
  readonly name: string
}

/** A document's say on one identity: its objects, or `undefined` when they were refused. */
export interface ManifestClaim {
  readonly identity: ManifestIdentity
  readonly place: ManifestPlace
  readonly objects: readonly ManifestedObject[] | undefined
}

/** What became of the objects of one document. */
export type ManifestReading =
  | { readonly type: 'claim'; readonly claim: ManifestClaim }
  | { readonly type: 'problem'; readonly problem: ManifestProblem }
  | { readonly type: 'ignored'; readonly kind: string }

const listSuffix = 'List'
const maxListDepth = 3
const defaultNamespace = 'default'
const metadataNameLabel = 'kubernetes.io/metadata.name'

/** The objects of one parsed document: one, or as many as a List holds; checked and reduced. */
export function* readObjects(value: unknown, place: ManifestPlace): Generator<ManifestReading> {
  yield* readValue(value, { place, depth: 0 })
}

interface ListContext {
  readonly place: ManifestPlace
  readonly depth: number
}

function* readValue(value: unknown, { place, depth }: ListContext): Generator<ManifestReading> {
  if (!isRawObject(value)) {
    const message = 'not a Kubernetes object: expected a mapping with apiVersion and kind'
    yield problem(place, { message })
    return
  }
  const itemKind = listedKind(value)
  if (itemKind === undefined) {
    yield* readObject(value, place)
  } else if (depth === maxListDepth) {
    yield problem(place, { message: 'Lists are nested too deeply' })
  } else {
    for (const [position, item] of rawArray(value['items']).entries()) {
      const named = itemKind === '' ? item : withListedKind(item, itemKind, value['apiVersion'])
      // An item that was cut out of its List has its position already.
      const itemPlace = { ...place, item: place.item ?? position }
      yield* readValue(named, { place: itemPlace, depth: depth + 1 })
    }
  }
}

/** The kind that items without one have: `Service` in a ServiceList, '' in a List. */
export function listedKind(value: RawObject): string | undefined {
  const kind = rawString(value['kind'])
  if (!kind.endsWith(listSuffix)) return undefined
  const itemKind = kind.slice(0, -listSuffix.length)
  return itemKind === '' || manifestKinds.has(itemKind) ? itemKind : undefined
}

function withListedKind(item: unknown, kind: string, apiVersion: unknown): unknown {
  return isRawObject(item) ? { kind, apiVersion, ...item } : item
}

function* readObject(api: RawObject, place: ManifestPlace): Generator<ManifestReading> {
  const kind = rawString(api['kind'])
  const apiVersion = rawString(api['apiVersion'])
  if (kind === '') {
    yield problem(place, { field: 'kind', message: 'Required value' })
    return
  }
  const known = manifestKinds.get(kind)
  if (!known || isForeign(apiVersion, known)) {
    yield { type: 'ignored', kind: known ? `${kind}.${groupOf(apiVersion)}` : kind }
    return
  }
  const identity = identityOf(api, known, kind)
  const subject = identity.name === '' ? kind : `${kind} "${renderIdentity(identity)}"`
  if (apiVersion !== known.apiVersion) {
    const message =
      apiVersion === ''
        ? `Required value: expected "${known.apiVersion}"`
        : `Unsupported value: "${apiVersion}": expected "${known.apiVersion}"`
    yield problem(place, { subject, field: 'apiVersion', message })
    if (identity.name !== '') yield claim(identity, place, undefined)
    return
  }
  const faults = known.validate(api)
  for (const fault of faults) yield problem(place, { subject, ...fault })
  const refused = faults.some(fault => fault.severity === 'error')
  if (refused && identity.name === '') return
  yield claim(identity, place, refused ? undefined : known.reduce(completed(api, identity)))
}

/** A resource of somebody's own that bears a known kind's name, such as Knative's Service. */
function isForeign(apiVersion: string, known: ManifestKind): boolean {
  const group = groupOf(apiVersion)
  return group !== groupOf(known.apiVersion) && group.includes('.') && !group.endsWith('.k8s.io')
}

function identityOf(api: RawObject, known: ManifestKind, kind: string): ManifestIdentity {
  const metadata = rawObject(api['metadata'])
  const namespace =
    known.scope === 'cluster' ? '' : rawString(metadata['namespace']) || defaultNamespace
  return { kind, namespace, name: rawString(metadata['name']) }
}

/** The object with what the API server would have filled in. */
function completed(api: RawObject, identity: ManifestIdentity): RawObject {
  const metadata = rawObject(api['metadata'])
  if (identity.kind !== 'Namespace')
    return { ...api, metadata: { ...metadata, namespace: identity.namespace } }
  const labels = { ...rawObject(metadata['labels']), [metadataNameLabel]: identity.name }
  return { ...api, metadata: { ...metadata, labels } }
}

/** The Namespace that exists because an object is in it. */
export function impliedNamespace(name: string): ManifestedObject {
  const api = { metadata: { name, labels: { [metadataNameLabel]: name } } }
  return manifestKinds.get('Namespace')!.reduce(api)[0]!
}

export function renderIdentity({ namespace, name }: ManifestIdentity): string {
  return namespace === '' ? name : `${namespace}/${name}`
}

interface ProblemParts {
  readonly severity?: ManifestProblem['severity']
  readonly subject?: string
  readonly field?: string
  readonly message: string
}

function problem(place: ManifestPlace, parts: ProblemParts): ManifestReading {
  const { severity = 'error', subject = '', field = '', message } = parts
  return { type: 'problem', problem: { severity, place, subject, field, message } }
}

function claim(
  identity: ManifestIdentity,
  place: ManifestPlace,
  objects: readonly ManifestedObject[] | undefined,
): ManifestReading {
  return { type: 'claim', claim: { identity, place, objects } }
}
