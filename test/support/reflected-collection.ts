import type { ApiAccess } from '../../src/reflector/api-access.ts'
import type { ApiResource } from '../../src/reflector/api-resource.ts'
import { Reflector } from '../../src/reflector/reflector.ts'
import type { ReflectorObserver, ReflectorPhase } from '../../src/reflector/reflector-observer.ts'
import type { ApiObject, ObjectName } from '../../src/reflector/reflector-sink.ts'
import type { ReflectorTiming } from '../../src/reflector/reflector-timing.ts'
import type { FakeApiServer } from './fake-api-server.ts'
import { until } from './until.ts'

const services: ApiResource = { group: '', version: 'v1', plural: 'services', pageSize: 2 }
export const servicesPath = '/api/v1/services'

/** All that takes seconds or minutes, in milliseconds. */
const fastTiming: Partial<ReflectorTiming> = {
  connectMs: 1_000,
  silenceMs: 3_000,
  unfinishedMs: 3_000,
  firstDelayMs: 4,
  maxDelayMs: 40,
  cleanDelayMs: 1,
  maxRetryAfterMs: 60,
  longWatchMs: 1_000,
}

export interface ReflectedOptions {
  readonly timing?: Partial<ReflectorTiming>
  readonly access?: ApiAccess
  readonly resource?: ApiResource
  readonly random?: () => number
  readonly clock?: () => number
  /** What a sink does with an object before it keeps it. */
  readonly onUpsert?: (object: ApiObject) => void
  readonly onSettled?: () => void
}

/** A reflector of one collection, the map that it keeps, and all that it says. */
export class ReflectedCollection implements AsyncDisposable {
  readonly objects = new Map<string, ApiObject>()
  readonly troubles: Parameters<ReflectorObserver['trouble']>[0][] = []
  /** `synced`, `trouble network`, `healed`, `settled watching`, in their order. */
  readonly said: string[] = []
  readonly writes: string[] = []
  /** Status of the answer to each request. */
  readonly requests: (number | undefined)[] = []
  readonly reflector: Reflector
  readonly #server: FakeApiServer
  readonly #stop = new AbortController()
  readonly #done: Promise<void>

  constructor(server: FakeApiServer, options: ReflectedOptions = {}) {
    const { onUpsert, onSettled, timing, access = server.access, ...others } = options
    this.#server = server
    this.reflector = new Reflector({
      resource: services,
      ...others,
      access,
      timing: { ...fastTiming, ...timing },
      sink: {
        upsert: object => {
          this.writes.push(`+${object.metadata.name}`)
          onUpsert?.(object)
          this.objects.set(keyOf(object.metadata), object)
        },
        delete: name => {
          this.writes.push(`-${name.name}`)
          this.objects.delete(keyOf(name))
        },
      },
      observer: {
        requested: ({ status }) => this.requests.push(status),
        synced: () => this.said.push('synced'),
        healed: () => this.said.push('healed'),
        trouble: trouble => {
          this.troubles.push(trouble)
          this.said.push(`trouble ${trouble.kind}`)
        },
        settled: (phase: ReflectorPhase) => {
          this.said.push(`settled ${phase}`)
          onSettled?.()
        },
        applyFailed: (_error, object) => this.said.push(`failed ${object?.name ?? 'to settle'}`),
      },
    })
    this.#done = this.reflector.run(this.#stop.signal)
  }

  /** Names and versions, `default/web@12`. */
  get state(): string[] {
    return [...this.objects.values()]
      .map(({ metadata }) => `${keyOf(metadata)}@${metadata.resourceVersion}`)
      .sort()
  }

  get isEqualToServer(): boolean {
    const wanted = this.#server.log.list(servicesPath)
    return (
      wanted.length === this.objects.size &&
      wanted.every(({ metadata }) => {
        const kept = this.objects.get(keyOf(metadata))
        return kept?.metadata.resourceVersion === metadata.resourceVersion
      })
    )
  }

  async equal(withinMs?: number): Promise<void> {
    const isSo = (): boolean => this.reflector.hasSynced && this.isEqualToServer
    await until('the sink is what the server has', isSo, withinMs)
  }

  /** Resolves when `run` has returned; again and again. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#done
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

function keyOf({ namespace = '', name }: Partial<ObjectName> & { name: string }): string {
  return `${namespace}/${name}`
}
