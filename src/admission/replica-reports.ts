interface Sighting {
  readonly value: string
  /** When the leader first saw this value, by its own monotonic clock. */
  readonly atMs: number
}

/** Annotations of the Lease: `serving.signpost.dev/POD: FINGERPRINT TIME`. */
const prefix = 'serving.signpost.dev/'
const maxNameLength = 63

/** The annotation in which a replica says what it serves. Names of Pods are short enough to stay as they are. */
export function reportKey(identity: string): string {
  return prefix + identity.slice(-maxNameLength).replace(/^[^A-Za-z0-9]+/, '')
}

/** Said anew every few minutes, so that it differs from the last time. */
export function reportText(fingerprint: string, nowMs: number): string {
  return `${fingerprint} ${new Date(nowMs).toISOString()}`
}

/**
 * Who serves what, from what replicas say of themselves. Who is silent for too long is dead; that is measured from when the
 * leader saw a report, so no clock but its own counts.
 */
export class ReplicaReports {
  readonly #lifeMs: number
  #sightings = new Map<string, Sighting>()

  constructor(lifeMs: number) {
    this.#lifeMs = lifeMs
  }

  /** All annotations of the Lease; `atMs` is monotonic. */
  observe(annotations: Readonly<Record<string, unknown>>, atMs: number): void {
    const sightings = new Map<string, Sighting>()
    for (const [key, value] of Object.entries(annotations)) {
      if (!key.startsWith(prefix) || typeof value !== 'string') continue
      const known = this.#sightings.get(key)
      sightings.set(key, known?.value === value ? known : { value, atMs })
    }
    this.#sightings = sightings
  }

  /** Names of replicas that are alive and serve something else. */
  lagging(fingerprint: string, atMs: number): readonly string[] {
    return [...this.#sightings]
      .filter(([, one]) => this.#isAlive(one, atMs) && one.value.split(' ')[0] !== fingerprint)
      .map(([key]) => key.slice(prefix.length))
  }

  /** Keys of annotations that nobody renews. */
  dead(atMs: number): readonly string[] {
    return [...this.#sightings].filter(([, one]) => !this.#isAlive(one, atMs)).map(([key]) => key)
  }

  #isAlive(sighting: Sighting, atMs: number): boolean {
    return atMs - sighting.atMs < this.#lifeMs
  }
}
