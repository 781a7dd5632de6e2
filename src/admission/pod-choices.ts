import { isRawObject, rawObject, type RawObject } from '../objects/raw-value.ts'
import type { ServiceReference } from '../environment/chosen-services.ts'

/** What a pod says by annotations of how it wants its service variables. */
export interface PodChoices {
  /** `off`: the pod is left as it is. */
  readonly mode: 'env' | 'configmap' | 'off'
  /** `undefined`: those that the kubelet takes. */
  readonly services: readonly ServiceReference[] | undefined
  /** `off`: the kubelet shall add none but those of `kubernetes`. */
  readonly serviceLinks: 'keep' | 'off'
}

/** `env`, `configmap` or `false`; as a label `false` only, for the webhook's objectSelector. */
export const injectAnnotation = 'signpost.dev/inject'
/** `web, db.production` */
export const servicesAnnotation = 'signpost.dev/services'
/** `false` */
const serviceLinksAnnotation = 'signpost.dev/enable-service-links'

const modes: ReadonlyMap<string, PodChoices['mode']> = new Map([
  ['env', 'env'],
  ['configmap', 'configmap'],
  ['false', 'off'],
])
const links: ReadonlyMap<string, PodChoices['serviceLinks']> = new Map([
  ['true', 'keep'],
  ['false', 'off'],
])
const dnsLabel = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?'
const serviceReference = new RegExp(`^(${dnsLabel})(?:\\.(${dnsLabel}))?$`)

/** Reads the annotations of a pod in `namespace`. What does not read counts as absent and is in `warnings`. */
export function readPodChoices(
  pod: RawObject,
  namespace: string,
): { readonly choices: PodChoices; readonly warnings: readonly string[] } {
  const metadata = rawObject(pod['metadata'])
  const warnings: string[] = []
  const annotation = (name: string): string | undefined => {
    const value = isRawObject(metadata['annotations']) ? metadata['annotations'][name] : undefined
    if (value === undefined || typeof value === 'string') return value
    warnings.push(`annotation ${name}: expected a string, which takes quotes`)
    return undefined
  }
  const oneOf = <Value>(name: string, values: ReadonlyMap<string, Value>): Value | undefined => {
    const text = annotation(name)
    const value = text === undefined ? undefined : values.get(text)
    if (text !== undefined && value === undefined)
      warnings.push(
        `annotation ${name}: expected ${[...values.keys()].join(' or ')}, got "${text}"`,
      )
    return value
  }
  const mode = oneOf(injectAnnotation, modes) ?? 'env'
  const isLabelledOff = rawObject(metadata['labels'])[injectAnnotation] === 'false'
  const list = annotation(servicesAnnotation)
  const choices: PodChoices = {
    mode: isLabelledOff ? 'off' : mode,
    services: list === undefined ? undefined : readReferences(list, { namespace, warnings }),
    serviceLinks: oneOf(serviceLinksAnnotation, links) ?? 'keep',
  }
  return { choices, warnings }
}

function readReferences(
  list: string,
  { namespace, warnings }: { readonly namespace: string; readonly warnings: string[] },
): ServiceReference[] {
  const references: ServiceReference[] = []
  for (const text of list.split(/[\s,]+/).filter(part => part !== '')) {
    const match = serviceReference.exec(text)
    if (match) references.push({ name: match[1]!, namespace: match[2] ?? namespace })
    else
      warnings.push(
        `annotation ${servicesAnnotation}: expected names such as web or db.production, got "${text}"`,
      )
  }
  return references
}
