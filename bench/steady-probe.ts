import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from './bench.ts'
import type { ProbeSample } from './probe.ts'

/** `probe.ts` in a process of its own; `result` is a name in the run's folder. */
export function startProbe(
  bench: Bench,
  {
    port,
    questions,
    result,
  }: { readonly port: number; readonly questions: string; readonly result: string },
): { end: () => Promise<ProbeSample[]> } {
  const file = join(bench.folder, result)
  const probe = bench.children.start(process.execPath, [
    'bench/probe.ts',
    String(port),
    questions,
    file,
  ])
  return {
    end: async () => {
      await probe.end()
      return JSON.parse(await readFile(file, 'utf8')) as ProbeSample[]
    },
  }
}
