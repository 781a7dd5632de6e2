import { setFlagsFromString } from 'node:v8'

/**
 * Keeps V8's space for young objects as small as it starts, 1 MB, in all threads. By itself it grows to 16 MB three times
 * over while a large cluster is read, and what was promoted meanwhile makes the heap grow further: 130 MB more at the
 * peak, and no less CPU time. V8 looks at the flag whenever it would grow.
 */
export function keepYoungSpaceSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
