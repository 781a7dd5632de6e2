import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until it is so; rejects where it never is. Asks again every few milliseconds, for what comes from outside without a word. */
export async function until(what: string, isSo: () => boolean, withinMs = 10_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`Never: ${what}`)
    // oxlint-disable-next-line no-await-in-loop
    await sleep(2)
  }
}
