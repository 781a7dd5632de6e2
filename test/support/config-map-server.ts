import type {
  ConfigMapBody,
  ConfigMapClient,
  ConfigMapTarget,
} from '../../src/admission/config-map-client.ts'
import type { ApiObject } from '../../src/reflector/reflector-sink.ts'

type ConfigMapAnswer = Awaited<ReturnType<ConfigMapClient['get']>>

/** ConfigMaps as an API server keeps them: versions, 404 and 409; every request takes a tick. */
export class ConfigMapServer implements ConfigMapClient {
  readonly maps = new Map<string, ApiObject>()
  /** `create shop`, `replace shop conflict` */
  readonly requests: string[] = []
  readonly goneNamespaces = new Set<string>()
  /** Runs when a ConfigMap has been read, and before the reader knows. */
  onRead: () => void = () => {}
  #version = 0

  async get({ namespace }: ConfigMapTarget): Promise<ConfigMapAnswer> {
    const object = this.maps.get(namespace)
    await Promise.resolve()
    this.onRead()
    return object ? { outcome: 'done', object } : { outcome: 'missing' }
  }

  async create({ namespace }: ConfigMapTarget, body: ConfigMapBody): Promise<ConfigMapAnswer> {
    await Promise.resolve()
    if (this.goneNamespaces.has(namespace)) return this.#refuse('create', namespace, 'missing')
    if (this.maps.has(namespace)) return this.#refuse('create', namespace, 'conflict')
    return this.#store('create', namespace, body)
  }

  async replace({ namespace }: ConfigMapTarget, body: ConfigMapBody): Promise<ConfigMapAnswer> {
    await Promise.resolve()
    const present = this.maps.get(namespace)
    if (!present) return this.#refuse('replace', namespace, 'missing')
    if (present.metadata.resourceVersion !== body.metadata['resourceVersion'])
      return this.#refuse('replace', namespace, 'conflict')
    return this.#store('replace', namespace, body)
  }

  async delete(
    { namespace }: ConfigMapTarget,
    { resourceVersion }: { readonly resourceVersion: string },
  ): Promise<'done' | 'missing' | 'conflict'> {
    await Promise.resolve()
    const isRight = this.maps.get(namespace)?.metadata.resourceVersion === resourceVersion
    if (!isRight) return this.#refuse('delete', namespace, 'conflict').outcome
    this.requests.push(`delete ${namespace}`)
    this.maps.delete(namespace)
    return 'done'
  }

  /** As another client would. */
  put(namespace: string, { labels = {}, data = {} }: { labels?: object; data?: object }): void {
    const resourceVersion = `${++this.#version}`
    const metadata = { namespace, name: 'signpost-service-variables', labels, resourceVersion }
    this.maps.set(namespace, { metadata, data })
  }

  #store(verb: string, namespace: string, { metadata, data }: ConfigMapBody): ConfigMapAnswer {
    this.requests.push(`${verb} ${namespace}`)
    this.put(namespace, { labels: metadata['labels'] as object, data })
    return { outcome: 'done', object: this.maps.get(namespace)! }
  }

  #refuse<Outcome extends 'missing' | 'conflict'>(
    verb: string,
    namespace: string,
    outcome: Outcome,
  ): { readonly outcome: Outcome } {
    this.requests.push(`${verb} ${namespace} ${outcome}`)
    return { outcome }
  }
}
