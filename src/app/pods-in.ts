import {
  isRawObject,
  rawArray,
  rawObject,
  type RawObject,
  rawString,
} from '../objects/raw-value.ts'

/** A Pod, or the template of a workload, within a document. */
interface FoundPod {
  /** The object itself: to change it is to change the document. */
  readonly pod: RawObject
  readonly namespace: string
  /** `Deployment "shop/web"` */
  readonly subject: string
}

const ofWorkload = ['spec', 'template'] as const
/** Where the pod is in each kind that has one. */
const podPaths: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['Pod', []],
  ['PodTemplate', ['template']],
  ['Deployment', ofWorkload],
  ['ReplicaSet', ofWorkload],
  ['ReplicationController', ofWorkload],
  ['StatefulSet', ofWorkload],
  ['DaemonSet', ofWorkload],
  ['Job', ofWorkload],
  ['CronJob', ['spec', 'jobTemplate', ...ofWorkload]],
])
const listSuffix = 'List'

interface DocumentContext {
  /** Of objects that do not say theirs. */
  readonly namespace: string
  /** Of items in a `PodList`, which need not say theirs. */
  readonly kind?: string
}

/** In document order, those in Lists too. */
export function podsIn(document: unknown, context: DocumentContext): FoundPod[] {
  if (!isRawObject(document)) return []
  const kind = rawString(document['kind']) || (context.kind ?? '')
  if (kind.endsWith(listSuffix)) {
    const itemKind = kind.slice(0, -listSuffix.length)
    return rawArray(document['items']).flatMap(item => podsIn(item, { ...context, kind: itemKind }))
  }
  const path = podPaths.get(kind)
  const pod = path?.reduce<unknown>((at, field) => rawObject(at)[field], document)
  if (!isRawObject(pod)) return []
  const metadata = rawObject(document['metadata'])
  const namespace = rawString(metadata['namespace']) || context.namespace
  const name = rawString(metadata['name']) || rawString(metadata['generateName'])
  return [{ pod, namespace, subject: `${kind} "${namespace}/${name}"` }]
}
