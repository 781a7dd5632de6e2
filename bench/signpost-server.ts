import type { Bench } from './bench.ts'
import type { Child } from './children.ts'

const program = 'bin/signpost.js'
/** Room for the pods of the big cluster, in both forms. */
export const podCidr = '10.128.0.0/14'

export interface SignpostServer {
  readonly pid: number
  readonly port: number
  readonly readMs: number
  readonly compileMs: number
  readonly names: number
  isAlive(): boolean
  end(): Promise<void>
}

interface ServerSetting {
  readonly manifests: string
  readonly workers: number
  /** Path of a Corefile. */
  readonly conf?: string
}

/** A server on a free port, ready. */
export async function startSignpost(
  { children }: Bench,
  { manifests, workers, conf }: ServerSetting,
): Promise<SignpostServer> {
  const child = children.start(process.execPath, [
    ...command('serve', manifests),
    ...(conf === undefined ? [] : [`--conf=${conf}`]),
    '--listen=127.0.0.1:0',
    `--workers=${workers}`,
  ])
  const ready = Promise.withResolvers<SignpostServer>()
  void follow(child, ready)
  return ready.promise
}

/** The zone as zone-file lines, in a file. */
export async function listNames(
  { children }: Bench,
  { manifests, file }: { readonly manifests: string; readonly file: string },
): Promise<void> {
  await children.runInto(file, process.execPath, command('names', manifests))
}

function command(name: 'serve' | 'names', manifests: string): string[] {
  return [program, name, `--manifests=${manifests}`, `--pod-cidr=${podCidr}`]
}

/** Reads the log to its end, so that the server never waits for us. */
async function follow(
  child: Child,
  { resolve, reject }: PromiseWithResolvers<SignpostServer>,
): Promise<void> {
  for await (const line of child.lines()) {
    const entry = readLogLine(line)
    if (entry['level'] === 'error') process.stderr.write(`signpost: ${line}\n`)
    if (entry['message'] !== 'serving') continue
    resolve({
      pid: child.pid,
      port: Number(/:(\d+)$/.exec(String(entry['listen']))?.[1]),
      readMs: Number(entry['readMs']),
      compileMs: Number(entry['compileMs']),
      names: Number(entry['names']),
      isAlive: () => child.isAlive(),
      end: () => child.end(),
    })
  }
  reject(new Error('Cannot start signpost: it ended before it was ready'))
}

/** A line of the log: JSON, or with a Corefile `[INFO] serving listen=127.0.0.1:1053 names=12`. */
export function readLogLine(line: string): Record<string, string | number> {
  if (line.startsWith('{')) return JSON.parse(line) as Record<string, string | number>
  const [, level = '', message = '', fields = ''] =
    /^\[(\w+)\] (.*?)((?: \w+=\S*)*)$/.exec(line) ?? []
  const pairs = [...fields.matchAll(/ (\w+)=(\S*)/g)].map(([, key, value]) => [key!, value!])
  return { level: level.toLowerCase(), message, ...Object.fromEntries(pairs) }
}
