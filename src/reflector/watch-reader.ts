import type { ApiCall } from './api-call.ts'
import { FrameSplitter } from './frame-splitter.ts'
import type { ReflectorTiming } from './reflector-timing.ts'
import { Turns } from './turns.ts'
import { readWatchFrame, type WatchFrame } from './watch-frame.ts'

export interface WatchReader {
  readonly call: ApiCall
  readonly timing: ReflectorTiming
  /** Each frame, in the tick that parsed it. */
  readonly take: (frame: WatchFrame) => void
  /** All frames have been taken that came with the same chunk. */
  readonly settle: () => void
}

/** Reads a watch to its end. Returns when the server has ended it in order, throws otherwise. */
export async function readWatch({ call, timing, take, settle }: WatchReader): Promise<void> {
  const splitter = new FrameSplitter()
  const turns = new Turns(timing.turnBytes)
  for await (const chunk of call.chunks()) {
    try {
      for (const text of splitter.split(chunk)) take(readWatchFrame(text))
      if (splitter.heldBytes > timing.maxFrameBytes)
        take({ kind: 'bad', fault: `it is longer than ${timing.maxFrameBytes} bytes` })
    } finally {
      settle()
    }
    await turns.after(chunk.length)
  }
  if (splitter.heldBytes > 0) take({ kind: 'bad', fault: 'it was cut short' })
}
