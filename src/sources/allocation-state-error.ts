/**
 * Why the state directory cannot be used:
 * `held`, another process writes it; `missing`, nothing has been stored there yet; `damaged`, what is
 * there cannot be trusted; `unknown-format`, another release wrote it; `unusable`, the system refuses
 * (no room, no permission).
 */
export type AllocationStateCode = 'held' | 'missing' | 'damaged' | 'unknown-format' | 'unusable'

export class AllocationStateError extends Error {
  override readonly name = 'AllocationStateError'
  readonly code: AllocationStateCode

  constructor(code: AllocationStateCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
