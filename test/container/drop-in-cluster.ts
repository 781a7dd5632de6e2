import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createCorednsAccount } from '../support/cluster-accounts.ts'
import { lookupAsset } from '../support/control-plane-assets.ts'
import { ControlPlane } from '../support/control-plane.ts'
import { ip, nodeAddress, PodNetwork } from './pod-network.ts'
import { ProjectedFolder } from './projected-folder.ts'
import type { ContainerOptions } from './runc-container.ts'
import { startUpstream } from './upstream.ts'

/** That of the Service `kubernetes`. */
const serviceHost = '10.96.0.1'
const account = '/api/v1/namespaces/kube-system/serviceaccounts/coredns'

/** What is around a pod of CoreDNS: an API server at its Service's address, the pod's network, and what a kubelet mounts. */
export class DropInCluster implements AsyncDisposable {
  readonly plane: ControlPlane
  /** The token that the pod has. */
  token: string
  readonly #folder: string
  readonly #network: PodNetwork
  readonly #account: ProjectedFolder
  readonly #upstream: { close(): void }

  private constructor(
    plane: ControlPlane,
    folder: string,
    parts: { readonly token: string; readonly upstream: { close(): void } },
  ) {
    this.plane = plane
    this.token = parts.token
    this.#upstream = parts.upstream
    this.#folder = folder
    this.#network = new PodNetwork(join(folder, 'network'))
    this.#account = new ProjectedFolder(join(folder, 'account'), this.#accountFiles)
    writeFileSync(join(folder, 'pod-resolv.conf'), `nameserver ${nodeAddress}\n`)
  }

  static async start(folder: string): Promise<DropInCluster> {
    // Where kube-proxy would lead to the API server.
    ip('address', 'add', `${serviceHost}/32`, 'dev', 'lo')
    const plane = await ControlPlane.start({ address: serviceHost })
    try {
      const token = await createCorednsAccount(plane.client)
      const upstream = await startUpstream('0.0.0.0')
      return new DropInCluster(plane, folder, { token, upstream })
    } catch (error) {
      // Its programs would keep this one from ending.
      await plane[Symbol.asyncDispose]()
      throw error
    }
  }

  /** What a pod has from its cluster and not from its Deployment. */
  podWith(corefile: string): Pick<ContainerOptions, 'variables' | 'network' | 'volumes'> {
    const text = readFileSync(resolve(corefile), 'utf8')
    const name = `corefile-${corefile.replaceAll('/', '-')}`
    const config = new ProjectedFolder(join(this.#folder, name), { Corefile: text })
    return {
      variables: [
        `KUBERNETES_SERVICE_HOST=${serviceHost}`,
        `KUBERNETES_SERVICE_PORT=${new URL(this.plane.server).port}`,
      ],
      network: this.#network.namespace,
      volumes: {
        '/etc/coredns': config.path,
        '/etc/resolv.conf': join(this.#folder, 'pod-resolv.conf'),
        '/var/run/secrets/kubernetes.io/serviceaccount': this.#account.path,
      },
    }
  }

  /** The account is another one of the same name: the token that the pod has is worth nothing any more, until the folder has the new one. */
  async replaceToken(): Promise<void> {
    await this.plane.client.delete(account)
    this.token = await createCorednsAccount(this.plane.client)
    this.#account.replace(this.#accountFiles)
  }

  async isGood(token: string): Promise<boolean> {
    const path = '/apis/authentication.k8s.io/v1/tokenreviews'
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } }
    const { status } = (await this.plane.client.send('POST', path, review)) as {
      status: { authenticated?: boolean }
    }
    return status.authenticated ?? false
  }

  async kubectl(...args: readonly string[]): Promise<string> {
    const kubeconfig = `--kubeconfig=${await this.plane.kubeconfig('admin')}`
    return execFileSync(lookupAsset('kubectl')!, [kubeconfig, ...args], { encoding: 'utf8' })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#upstream.close()
    this.#network[Symbol.dispose]()
    await this.plane[Symbol.asyncDispose]()
  }

  get #accountFiles(): Readonly<Record<string, string>> {
    const ca = readFileSync(this.plane.ca, 'utf8')
    return { 'ca.crt': ca, namespace: 'kube-system', token: this.token }
  }
}
