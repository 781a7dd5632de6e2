import { isUtf8 } from 'node:buffer'
import { dump } from 'js-yaml'
import { type KubernetesVersion, parseKubernetesVersion } from '../admission/kubernetes-version.ts'
import { podReviewer } from '../admission/pod-review.ts'
import type { AdmissionDecision, PatchOperation, Reviewer } from '../admission/review.ts'
import { isRawObject, rawObject, type RawObject, rawString } from '../objects/raw-value.ts'
import { splitDocuments } from '../sources/document-splitter.ts'
import { parseYaml } from '../sources/manifest-document.ts'
import type { LoadedCluster } from './load-cluster.ts'
import { podsIn } from './pods-in.ts'

export interface ManifestText {
  /** As messages name it: `pod.yaml`, `stdin` */
  readonly name: string
  readonly bytes: Buffer
}

export interface InjectOptions {
  readonly cluster: LoadedCluster
  /** Of objects that do not say theirs. */
  readonly namespace: string
  readonly serverVersion: KubernetesVersion
}

export interface InjectedManifests {
  readonly yaml: string
  /** Lines for people. */
  readonly warnings: readonly string[]
}

/** Of `1.36`; here because commands know nothing of admission. */
export function serverVersionOf(text: string): KubernetesVersion | undefined {
  return parseKubernetesVersion(text)
}

/**
 * A file of manifests with its Pods and the templates of its workloads as the webhook would return them, in the order that they
 * have. A document without any is the text that it was; one with some loses its comments. Throws where a document does not parse,
 * because what is printed is to be applied.
 */
export async function injectManifests(
  { name, bytes }: ManifestText,
  { cluster, namespace, serverVersion }: InjectOptions,
): Promise<InjectedManifests> {
  if (!isUtf8(bytes)) throw new Error(`Cannot read "${name}": not UTF-8 text`)
  const review = podReviewer({ cluster: cluster.store, serverVersion })
  const documents: string[] = []
  const warnings: string[] = []
  let pods = 0
  for (const { text, firstLine, contentLine } of splitDocuments(bytes)) {
    const { value, fault } = parseYaml(text)
    if (fault) {
      const line = fault.line === undefined ? contentLine : firstLine + fault.line - 1
      throw new Error(`Cannot read "${name}": line ${line}: ${fault.message}`)
    }
    const document = withoutSharing(value)
    let changes = 0
    for (const { pod, subject, ...place } of podsIn(document, { namespace })) {
      pods++
      // oxlint-disable-next-line no-await-in-loop -- nothing is waited for: all is in memory
      const decision = await reviewNew(review, pod, place.namespace)
      for (const warning of decision.warnings) warnings.push(`${name}: ${subject}: ${warning}`)
      for (const operation of decision.patch) applyAdd(pod, operation)
      changes += decision.patch.length
    }
    documents.push(changes > 0 ? render(document) : asItWas(text))
  }
  if (pods === 0) warnings.push(`${name}: no Pod and no workload in it`)
  return { yaml: documents.join('---\n'), warnings }
}

async function reviewNew(
  review: Reviewer,
  object: RawObject,
  namespace: string,
): Promise<Extract<AdmissionDecision, { allowed: true }>> {
  const request = {
    uid: '',
    operation: 'CREATE',
    resource: 'pods',
    subresource: '',
    namespace,
    name: rawString(rawObject(object['metadata'])['name']),
    dryRun: true,
    username: '',
    object,
    oldObject: undefined,
  } as const
  const decision = await review(request, new AbortController().signal)
  /* c8 ignore next -- the review of Pods refuses nothing */
  if (!decision.allowed) throw new Error(decision.message)
  return decision
}

/** What the review of Pods makes: members of mappings, each whole. */
function applyAdd(pod: RawObject, { path, value }: PatchOperation): void {
  const tokens = path.split('/').slice(1)
  const last = tokens.pop()!
  let parent: unknown = pod
  for (const token of tokens) parent = Reflect.get(parent as object, token)
  if (isRawObject(parent)) Reflect.set(parent, last, value)
}

/** Aliases of YAML are one object in several places, of which one may change alone. */
function withoutSharing(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null))
}

function render(document: unknown): string {
  return dump(document, { lineWidth: -1, noRefs: true })
}

/** Without the empty line that its `---` left. */
function asItWas(text: string): string {
  return `${text.replace(/^[ \t]*\n/, '').trimEnd()}\n`
}
