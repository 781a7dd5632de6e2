import { rawObject } from '../objects/raw-value.ts'
import {
  injectAnnotation,
  type PodChoices,
  readPodChoices,
  servicesAnnotation,
} from './pod-choices.ts'
import { prependConfigMap } from './pod-config-map.ts'
import { containersToReview, type PodContainer } from './pod-containers.ts'
import { type PodEdit, prependVariables } from './pod-environment.ts'
import type { AdmissionDecision, AdmissionRequest, PatchOperation, Reviewer } from './review.ts'
import { VariableSets, type VariableSetOptions } from './variable-sets.ts'
import { variablesConfigMapName } from './variables-config-map.ts'
import { warningLines } from './warning-lines.ts'

export interface PodReviewOptions extends VariableSetOptions {
  /** A pod of this namespace, no dry run, wants the ConfigMap to be there. */
  readonly onConfigMapWanted?: (namespace: string) => void
}

type Allowed = Extract<AdmissionDecision, { allowed: true }>

/** For metrics: what a review of a Pod came to. */
type PodOutcome = 'injected' | 'configmap' | 'kubelet' | 'opted-out' | 'none'

/**
 * The review of Pods: writes the variables that a kubelet would set. It refuses nothing: what it cannot do is left to the kubelet, and
 * what a person should know of that is a warning.
 */
export function podReviewer(options: PodReviewOptions): Reviewer {
  const sets = new VariableSets(options)
  return request => {
    const containers = containersToReview(request)
    if (containers.length === 0) return nothing('none', [])
    const { choices, warnings } = readPodChoices(rawObject(request.object), request.namespace)
    const review: PodReview = { request, containers, choices, warnings }
    if (choices.mode === 'off') return nothing('opted-out', warnings)
    if (choices.mode === 'env') return reviewEnvironment(review, sets)
    if (!request.dryRun) options.onConfigMapWanted?.(request.namespace)
    return reviewConfigMap(review)
  }
}

interface PodReview {
  readonly request: AdmissionRequest
  readonly containers: readonly PodContainer[]
  readonly choices: PodChoices
  /** Of the choices. */
  readonly warnings: readonly string[]
}

function reviewEnvironment(review: PodReview, sets: VariableSets): Allowed {
  const { request, containers, choices } = review
  const pod = rawObject(request.object)
  const { enableServiceLinks } = rawObject(pod['spec'])
  const set = sets.setOf({
    namespace: request.namespace,
    enableServiceLinks: enableServiceLinks !== false && choices.serviceLinks === 'keep',
    services: choices.services,
  })
  const edit = prependVariables(containers, set.entries, pod)
  // With nothing in their place the links stay.
  const patch = [...edit.patch, ...(edit.withinBudget ? turnLinksOff(review) : [])]
  return {
    allowed: true,
    patch,
    warnings: warningLines([
      ...review.warnings,
      ...(edit.patch.length > 0 ? set.warnings : []),
      ...edit.warnings,
      ...choiceWarnings(choices, edit),
    ]),
    audit: {
      ...(edit.variables > 0 && {
        'service-variables': String(edit.variables),
        services: String(set.services),
      }),
      ...(edit.leftToKubelet.length > 0 && {
        'left-to-kubelet': edit.leftToKubelet.join(','),
      }),
    },
    outcome: outcomeOf(patch, edit),
  }
}

function outcomeOf(patch: readonly PatchOperation[], { leftToKubelet }: PodEdit): PodOutcome {
  if (patch.length > 0) return 'injected'
  return leftToKubelet.length > 0 ? 'kubelet' : 'none'
}

/** A container that is left to the kubelet gets what the kubelet takes, not what the pod chose. */
function choiceWarnings({ services }: PodChoices, { leftToKubelet }: PodEdit): string[] {
  if (!services) return []
  return leftToKubelet.map(
    name =>
      `container "${name}" is left to the kubelet, without the choice of ${servicesAnnotation}`,
  )
}

function reviewConfigMap(review: PodReview): Allowed {
  const edits = prependConfigMap(review.containers)
  const patch = [...edits, ...turnLinksOff(review)]
  const unused =
    review.choices.services &&
    `annotation ${servicesAnnotation}: not used with ${injectAnnotation}: configmap`
  return {
    allowed: true,
    patch,
    warnings: warningLines([...review.warnings, ...(unused ? [unused] : [])]),
    audit: edits.length === 0 ? {} : { 'config-map': variablesConfigMapName },
    outcome: (patch.length > 0 ? 'configmap' : 'none') satisfies PodOutcome,
  }
}

/** Only of a new Pod: the field cannot be changed later. */
function turnLinksOff({ request, choices }: PodReview): PatchOperation[] {
  const { enableServiceLinks } = rawObject(rawObject(request.object)['spec'])
  if (choices.serviceLinks === 'keep' || enableServiceLinks === false) return []
  if (request.operation !== 'CREATE') return []
  return [{ op: 'add', path: '/spec/enableServiceLinks', value: false }]
}

function nothing(outcome: PodOutcome, warnings: readonly string[]): Allowed {
  return { allowed: true, patch: [], warnings: warningLines(warnings), audit: {}, outcome }
}
