/** What could not be put into the zone as the cluster has it, and so was left out. */
export type ZoneProblemKind =
  /** A label longer than 63 bytes or a name longer than 255. */
  | 'illegal-name'
  /** Text that is no address where one is needed. */
  | 'bad-address'
  /** More records than one message can carry. */
  | 'cut-answer'

export interface ZoneProblem {
  readonly kind: ZoneProblemKind
  readonly count: number
  /** The first of them: `default/web` or a name. */
  readonly example: string
}

/** Counts problems until they are taken; one bad object in a thousand events is one line in the log. */
export class ZoneProblems {
  readonly #problems = new Map<ZoneProblemKind, ZoneProblem>()

  note(kind: ZoneProblemKind, example: string): void {
    const known = this.#problems.get(kind)
    this.#problems.set(kind, {
      kind,
      count: (known?.count ?? 0) + 1,
      example: known?.example ?? example,
    })
  }

  take(): readonly ZoneProblem[] {
    const problems = [...this.#problems.values()]
    this.#problems.clear()
    return problems
  }
}
