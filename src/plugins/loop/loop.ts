import type { Plugin } from '../plugin.ts'
import { LoopDetector } from './loop-detector.ts'

/** Looks whether what is forwarded comes back, and stops forwarding then. */
export const loop: Plugin<{ readonly zone: string }> = {
  name: 'loop',
  isShared: true,
  read(directive, place) {
    directive.end()
    return { zone: place.zones[0] ?? '.' }
  },
  serve: ([settings], context) => {
    const detector = new LoopDetector(settings!.zone, context)
    return { handle: detector.handle, close: () => detector.close() }
  },
}
