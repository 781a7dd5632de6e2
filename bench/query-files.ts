import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { bigCluster, type Bench } from './bench.ts'
import type { Question } from './dns-question.ts'
import { isHeadlessService, serviceName } from './generate-manifests.ts'
import { createRandom } from './statistics.ts'

const queryCount = 100_000
const seed = 1

/** The parts of the mixed load, in hundredths. */
export const mixture = [
  { share: 50, what: 'A of ClusterIP services' },
  { share: 10, what: 'A of headless services, ten addresses each' },
  { share: 10, what: 'SRV of named ports of ClusterIP services' },
  { share: 15, what: 'AAAA of ClusterIP services (NODATA)' },
  { share: 10, what: 'names that a search path makes (NXDOMAIN)' },
  { share: 5, what: 'PTR of addresses of services and endpoints' },
] as const

export interface QueryFiles {
  /** A of ClusterIP services. */
  readonly addresses: string
  readonly mixed: string
  readonly mixedQuestions: readonly Question[]
}

/** What the zone holds, as far as questions need it. */
export interface KnownNames {
  /** Of ClusterIP services, by name. */
  readonly clusterIps: ReadonlyMap<string, string>
  readonly reverseNames: readonly string[]
}

/** Reads the zone-file lines of the big cluster. */
export async function readNames(file: string): Promise<KnownNames> {
  const wanted = new Set(numbers(false).map(fullName))
  const clusterIps = new Map<string, string>()
  const reverseNames: string[] = []
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const [owner = '', , , type, data = ''] = line.split(' ')
    const name = owner.slice(0, -1)
    if (type === 'PTR') reverseNames.push(name)
    else if (type === 'A' && wanted.has(name)) clusterIps.set(name, data)
  }
  return { clusterIps, reverseNames }
}

export async function writeQueryFiles(bench: Bench, known: KnownNames): Promise<QueryFiles> {
  const random = createRandom(seed)
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!
  const withAddress = numbers(false)
  const headless = numbers(true)
  const makers: readonly (() => Question)[] = [
    () => ({ name: fullName(pick(withAddress)), type: 'A' }),
    () => ({ name: fullName(pick(headless)), type: 'A' }),
    () => ({ name: httpName(pick(withAddress)), type: 'SRV' }),
    () => ({ name: fullName(pick(withAddress)), type: 'AAAA' }),
    () => ({ name: `${fullName(pick(withAddress))}.${searchDomain(pick(headless))}`, type: 'A' }),
    () => ({ name: pick(known.reverseNames), type: 'PTR' }),
  ]
  const deck = mixture.flatMap(({ share }, part) => Array<number>(share).fill(part))
  const mixedQuestions = Array.from({ length: queryCount }, () => makers[pick(deck)]!())
  const addressQuestions = Array.from({ length: queryCount }, () => makers[0]!())
  return {
    addresses: await writeQueries(join(bench.folder, 'addresses.txt'), addressQuestions),
    mixed: await writeQueries(join(bench.folder, 'mixed.txt'), mixedQuestions),
    mixedQuestions,
  }
}

/** Writes the form that dnsperf reads; returns the path. */
export async function writeQueries(path: string, questions: readonly Question[]): Promise<string> {
  await writeFile(path, questions.map(({ name, type }) => `${name} ${type}\n`).join(''))
  return path
}

export function fullName(index: number): string {
  return `${serviceName(index)}.svc.cluster.local`
}

export function httpName(index: number): string {
  return `_http._tcp.${fullName(index)}`
}

/** What the resolver of a pod beside this service appends first. */
function searchDomain(index: number): string {
  return fullName(index).slice(fullName(index).indexOf('.') + 1)
}

function numbers(headless: boolean): number[] {
  return Array.from({ length: bigCluster.services }, (_, index) => index).filter(
    index => isHeadlessService(index) === headless,
  )
}
