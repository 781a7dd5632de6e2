/** An object as the API server sends it, parsed; only what a reflector needs of it is known here. */
export interface ApiObject {
  readonly metadata: {
    /** '' or absent for objects of the cluster. */
    readonly namespace?: string
    readonly name: string
    readonly resourceVersion: string
  }
  readonly [field: string]: unknown
}

export interface ObjectName {
  /** '' for objects of the cluster. */
  readonly namespace: string
  readonly name: string
}

/**
 * Who keeps what a reflector sees. Both are called in the order of the stream and must be synchronous: an object is reduced in
 * the tick that parsed it. What throws is counted and left out; the stream goes on.
 */
export interface ReflectorSink {
  /** Also for an object that has not changed, when all are listed again with another resource version. */
  upsert(object: ApiObject): void
  /** Only for what was given to `upsert` before, also where that threw. */
  delete(name: ObjectName): void
}
