/** How long a certificate is good, Unix time in milliseconds. */
export interface Term {
  readonly fromMs: number
  readonly toMs: number
}

/** Where a rotation is, as far as the leader sees it. */
export interface CertificateView {
  readonly nowMs: number
  /** `undefined` where there is no Secret, or none that can be used. */
  readonly authority: Term | undefined
  /** `undefined` where it cannot be served: another name, another authority, or it does not read. */
  readonly leaf: Term | undefined
  /** An authority to come is in the Secret, the one before, or neither. */
  readonly stage: 'stable' | 'announced' | 'switched'
  /** How long clients have been told of all that this stage may serve; `undefined` where they are not. */
  readonly bundledForMs: number | undefined
  /** How long it has been seen in this stage. */
  readonly inStageForMs: number
  /** Replicas that are alive and serve something else than the leaf. */
  readonly lagging: readonly string[]
}

export interface RotationTiming {
  /** How long clients take to hear of a bundle, with room: the API server reads it from a watch of its own. */
  readonly settleMs: number
  /** How long the authority before stays at least. Longer than a replica that is alive may be silent. */
  readonly keepOldMs: number
}

/** `create` makes everything anew, where nothing of what is there can be used. */
export type CertificateStep = 'create' | 'renew-leaf' | 'announce' | 'switch' | 'drop' | 'wait'

/**
 * What the leader does next.
 *
 *     stable ── announce ─▶ announced ── switch ─▶ switched ── drop ─▶ stable
 *     bundle: old           old + new             new + old           new
 *     served: old           old                   new                 new
 *
 * Each step needs the bundle of the stage before it to be with the clients, so whatever a replica serves meanwhile is trusted.
 */
export function planCertificates(view: CertificateView, timing: RotationTiming): CertificateStep {
  const { nowMs, authority, leaf, stage } = view
  if (!authority || authority.toMs <= nowMs) return 'create'
  if (!leaf || leaf.toMs <= nowMs) return 'renew-leaf'
  // With another authority comes another leaf.
  if (stage === 'announced') return isBundled(view, timing) ? 'switch' : 'wait'
  // A leaf ends no later than its authority: then another one would win no time.
  if (isDue(leaf, nowMs) && leaf.toMs < authority.toMs) return 'renew-leaf'
  if (stage === 'switched') return isTakenUp(view, timing) ? 'drop' : 'wait'
  return isDue(authority, nowMs) ? 'announce' : 'wait'
}

/** In the last third: there is time for a leader to be found, and for people to see that there is none. */
function isDue({ fromMs, toMs }: Term, nowMs: number): boolean {
  return toMs - nowMs < (toMs - fromMs) / 3
}

function isBundled({ bundledForMs }: CertificateView, { settleMs }: RotationTiming): boolean {
  return bundledForMs !== undefined && bundledForMs >= settleMs
}

function isTakenUp(view: CertificateView, { keepOldMs }: RotationTiming): boolean {
  const { bundledForMs, inStageForMs, lagging } = view
  return bundledForMs !== undefined && inStageForMs >= keepOldMs && lagging.length === 0
}
