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

/** `3 addresses that do not read, and so have no records; the first is default/web`. */
export function renderZoneProblem({ kind, count, example }: ZoneProblem): string {
  const what = {
    'illegal-name': 'names that are longer than DNS allows, and so are left out',
    'bad-address': 'addresses that do not read, and so have no records',
    'cut-answer': 'answers with more records than a message can carry, cut to what fits',
  }[kind]
  return `${count} ${what}; the first is ${example}`
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
