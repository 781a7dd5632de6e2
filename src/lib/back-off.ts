export interface BackOffOptions {
  readonly firstMs: number
  readonly maxMs: number
}

/** How long to wait before try number `attempt` (from 1): doubling from `firstMs`, never above `maxMs`. */
export function backOffMs(attempt: number, { firstMs, maxMs }: BackOffOptions): number {
  return Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 30))
}
