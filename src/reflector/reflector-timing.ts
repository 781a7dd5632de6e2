/** Every number that a reflector goes by. */
export interface ReflectorTiming {
  /** Name look-up, TCP and TLS together. */
  readonly connectMs: number
  /** Nothing came on a connection, headers or bytes. Long, because a quiet cluster is quiet and some proxies hold back the headers of a watch. */
  readonly silenceMs: number
  /** The same within a list. After this a server that streams one is taken for a server that never ends it. */
  readonly unfinishedMs: number
  /** A watch lasts a random time between these two: `timeoutSeconds`. */
  readonly watchFromSeconds: number
  readonly watchToSeconds: number
  /** How long after that the server may take to end it. */
  readonly overdueMs: number
  /** TCP asks a silent peer after this time; Linux then takes 10 s to give it up. */
  readonly keepAliveMs: number
  /** The first wait after a failure; it doubles up to `maxDelayMs`: who was cut off for long should be right soon after. */
  readonly firstDelayMs: number
  readonly maxDelayMs: number
  /** The longest wait after a watch that ended in order. */
  readonly cleanDelayMs: number
  /** As long as this is waited when the server says `Retry-After`. */
  readonly maxRetryAfterMs: number
  /** A watch without an event that lasted as long is no failure. */
  readonly longWatchMs: number
  /** Everything is listed again after this time, 20 % more or less, to find what was missed. */
  readonly verifyMs: number
  readonly maxFrameBytes: number
  /** A page of a list is parsed as a whole. */
  readonly maxPageBytes: number
  /** After as many bytes other work gets its turn. */
  readonly turnBytes: number
}

/** Chosen after client-go's `tools/cache/reflector.go` and what API servers do. */
export const defaultTiming: ReflectorTiming = {
  connectMs: 10_000,
  silenceMs: 180_000,
  unfinishedMs: 30_000,
  watchFromSeconds: 300,
  watchToSeconds: 600,
  overdueMs: 15_000,
  keepAliveMs: 10_000,
  firstDelayMs: 250,
  maxDelayMs: 5_000,
  cleanDelayMs: 100,
  maxRetryAfterMs: 60_000,
  longWatchMs: 5_000,
  verifyMs: 12 * 3_600_000,
  maxFrameBytes: 16 * 2 ** 20,
  maxPageBytes: 64 * 2 ** 20,
  turnBytes: 256 * 1024,
}
