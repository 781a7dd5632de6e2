import type { RotationTiming } from './certificate-plan.ts'
import type { LeaseTiming } from './lease-elector.ts'

/** Every number that certificates of our own go by, in milliseconds. */
export interface CertificateTiming extends RotationTiming, LeaseTiming {
  readonly authorityLifeMs: number
  readonly leafLifeMs: number
  /** Between two looks at everything; a leader renews its lease then. */
  readonly roundMs: number
  /** Between two looks at the webhook configurations. */
  readonly bundleCheckMs: number
  /** A replica says again what it serves after this time. */
  readonly reportMs: number
  /** A replica that has not said so for this time is dead. */
  readonly reportLifeMs: number
  /** For what is said at the end. */
  readonly goodbyeMs: number
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

export const defaultCertificateTiming: CertificateTiming = {
  authorityLifeMs: 365 * dayMs,
  leafLifeMs: 90 * dayMs,
  settleMs: 5 * minuteMs,
  keepOldMs: 30 * minuteMs,
  leaseMs: 30_000,
  renewWithinMs: 20_000,
  roundMs: 5_000,
  bundleCheckMs: 10_000,
  reportMs: 2 * minuteMs,
  reportLifeMs: 15 * minuteMs,
  goodbyeMs: 2_000,
}
