import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Test } from 'tap'
import { renderProblem } from '../../src/sources/manifest-problem.ts'
import type { ManifestBatch } from '../../src/sources/manifest-set.ts'

/** Far more than anything here takes; the figure to reach is 200 ms. */
const DEADLINE_MS = 10_000

/** A manifest of a Service with one port. */
export function serviceManifest(name: string, port = 80): string {
  return `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  ports:\n    - port: ${port}\n`
}

/** What a folder amounts to as its batches say: `web:80 db:81 !problem`. */
export class FolderView {
  readonly root: string
  readonly reported: string[] = []
  readonly #services = new Map<string, number>()
  readonly #problems = new Set<string>()
  readonly #latencies: string[] = []

  constructor(root: string) {
    this.root = root
  }

  readonly apply = ({ upserts, deletes, problems, solved }: ManifestBatch): void => {
    for (const { kind, name } of deletes) if (kind === 'Service') this.#services.delete(name)
    for (const { object } of upserts)
      if (object.kind === 'Service') this.#services.set(object.name, object.ports[0]!.port)
    for (const problem of problems) {
      this.#problems.add(problem.place.file)
      this.reported.push(renderProblem(problem))
    }
    for (const problem of solved) this.#problems.delete(problem.place.file)
  }

  get words(): string {
    const services = [...this.#services].map(([name, port]) => `${name}:${port}`)
    const problems = [...this.#problems].map(file => `!${file}`)
    return [...services, ...problems].toSorted((a, b) => (a < b ? -1 : 1)).join(' ')
  }

  /** Does something to the folder and waits until it amounts to `wanted`. */
  async after(t: Test, step: () => Promise<unknown>, wanted: string): Promise<void> {
    await step()
    const started = performance.now()
    while (this.words !== wanted && performance.now() - started < DEADLINE_MS) await delay(2)
    t.equal(this.words, wanted)
    this.#latencies.push(`${Math.round(performance.now() - started)} ms`)
  }

  async write(path: string, content: string): Promise<void> {
    await writeFile(join(this.root, path), content)
  }

  comment(t: Test): void {
    t.comment(`seen after ${this.#latencies.join(', ')}`)
  }
}
