/** Every number that the admission server goes by. */
export interface AdmissionLimits {
  /** An object has at most 3 MiB on the wire, may grow where it becomes JSON, and an update has two. */
  readonly bodyBytes: number
  /** Bodies of all requests under way. */
  readonly bodiesBytes: number
  readonly requests: number
  readonly connections: number
  /** Arrays and objects inside each other; a Pod with its managed fields has 15. */
  readonly depth: number
  /**
   * How long a connection is kept without a request: API servers keep theirs for 90 s, and a request that meets one which is
   * being closed fails and is not repeated.
   */
  readonly idleMs: number
  /** How long a request may take to arrive. */
  readonly requestMs: number
  readonly handshakeMs: number
  /** An API server stays with one replica as long as its connection lasts. */
  readonly requestsPerConnection: number
  /** How long answers under way may take once the server closes. */
  readonly closeMs: number
}

export const defaultLimits: AdmissionLimits = {
  bodyBytes: 16 * 2 ** 20,
  bodiesBytes: 64 * 2 ** 20,
  requests: 256,
  connections: 4096,
  depth: 64,
  idleMs: 150_000,
  requestMs: 9_000,
  handshakeMs: 10_000,
  requestsPerConnection: 1000,
  closeMs: 5_000,
}
