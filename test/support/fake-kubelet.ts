import type { ApiManifest } from './api-paths.ts'
import type { ClusterClient } from './cluster-client.ts'

/** The one node of the cluster; Pods name it themselves, because nobody schedules them. */
const nodeName = 'worker'

/** Says of the Pods of one namespace what a kubelet would say. No container is ever run. */
export class FakeKubelet {
  readonly #client: ClusterClient
  readonly #pods: string

  private constructor(client: ClusterClient, namespace: string) {
    this.#client = client
    this.#pods = `/api/v1/namespaces/${namespace}/pods`
  }

  static async start(client: ClusterClient, namespace = 'default'): Promise<FakeKubelet> {
    // The EndpointSlice controller passes over pods of nodes that do not exist.
    await client.put({ apiVersion: 'v1', kind: 'Node', metadata: { name: nodeName } })
    return new FakeKubelet(client, namespace)
  }

  /** Waits for as many Pods with the label `app` that are not on their way out, and gives their names. */
  async podsOf(app: string, count: number): Promise<string[]> {
    const isStaying = ({ metadata }: ApiManifest): boolean => !metadata['deletionTimestamp']
    const pods = await this.#client.until(
      `${this.#pods}?labelSelector=app=${app}`,
      items => items.filter(isStaying).length === count,
    )
    return pods
      .filter(isStaying)
      .map(({ metadata }) => metadata.name)
      .sort()
  }

  /** The Pod has these addresses, and is ready or not. */
  async says(
    pod: string,
    readiness: 'ready' | 'not ready',
    ...addresses: readonly string[]
  ): Promise<void> {
    await this.#client.patchStatus(`${this.#pods}/${pod}`, {
      phase: 'Running',
      podIP: addresses[0],
      podIPs: addresses.map(ip => ({ ip })),
      conditions: [{ type: 'Ready', status: readiness === 'ready' ? 'True' : 'False' }],
    })
  }

  /** Somebody deletes it, and it is given time to end. */
  async terminate(pod: string): Promise<void> {
    await this.#client.delete(`${this.#pods}/${pod}`, 30)
  }

  /** It has ended, and is gone. */
  async end(pod: string): Promise<void> {
    await this.#client.delete(`${this.#pods}/${pod}`)
  }
}

/** A workload in YAML whose Pods have the label `app` and a node. */
export function workload(kind: 'Deployment' | 'StatefulSet', app: string, spec: string): string {
  const template = `{metadata: {labels: {app: ${app}}}, spec: {nodeName: ${nodeName}, containers: [{name: c, image: none}]}}`
  return (
    `---\n{apiVersion: apps/v1, kind: ${kind}, metadata: {name: ${app}}, ` +
    `spec: {${spec}, selector: {matchLabels: {app: ${app}}}, template: ${template}}}\n`
  )
}
