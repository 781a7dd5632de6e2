import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAccount, createCorednsAccount } from './cluster-accounts.ts'
import { ClusterCertificates, type KeyPair } from './cluster-certificates.ts'
import { ClusterClient } from './cluster-client.ts'
import { Component } from './component.ts'
import { lookupAsset } from './control-plane-assets.ts'
import { Deathwatch } from './deathwatch.ts'
import { EtcdGateway } from './etcd-gateway.ts'
import { freePort } from './free-port.ts'
import { asData, oneContext } from './kubeconfig.ts'

export interface ControlPlaneOptions {
  /** `10.96.0.0/16,fd00:96::/112` */
  readonly serviceCidrs?: string
  /** Where the API server listens, 127.0.0.1 when absent. */
  readonly address?: string
  /** For who wants nobody else to ask the API server. */
  readonly controllers?: 'none'
}

export interface SecondApiServer {
  readonly client: ClusterClient
  readonly stop: () => Promise<void>
}

/**
 * Those that DNS has to do with. No others, because there is neither a scheduler nor a kubelet: what looks after nodes would
 * take away pods that no node has.
 */
const controllers = [
  'deployment-controller',
  'endpointslice-controller',
  'garbage-collector-controller',
  'namespace-controller',
  'replicaset-controller',
  'service-cidr-controller',
  'statefulset-controller',
]

/** etcd, kube-apiserver and, where it is there, kube-controller-manager, on loopback unless told otherwise and in a folder of their own: `await using`. */
export class ControlPlane implements AsyncDisposable {
  readonly client: ClusterClient
  /** `https://127.0.0.1:20443` */
  readonly server: string
  /** The path of the certificate of the authority that signed the server's. */
  readonly ca: string
  readonly admin: KeyPair
  /** Where all of its state and its logs are. */
  readonly folder: string
  readonly #deathwatch: Deathwatch
  readonly #etcd: EtcdGateway
  readonly #apiServerFlags: readonly string[]
  readonly #components: Component[] = []
  #apiServer: Component | undefined

  private constructor(etcdPort: number, apiPort: number, options: ControlPlaneOptions) {
    const { address = '127.0.0.1', serviceCidrs = '10.96.0.0/16' } = options
    this.folder = mkdtempSync(join(tmpdir(), 'signpost-cluster-'))
    this.#deathwatch = new Deathwatch(this.folder)
    const certificates = new ClusterCertificates(this.folder)
    this.ca = certificates.ca
    this.admin = certificates.forClient('admin', 'system:masters')
    this.server = `https://${address}:${apiPort}`
    this.client = new ClusterClient(this.server, this.ca, this.admin)
    const etcd = `http://127.0.0.1:${etcdPort}`
    this.#etcd = new EtcdGateway(etcd)
    const serving = certificates.forServer('apiserver', address)
    const accounts = certificates.forServer('accounts', address)
    this.#apiServerFlags = [
      `--etcd-servers=${etcd}`,
      `--bind-address=${address}`,
      `--secure-port=${apiPort}`,
      `--tls-cert-file=${serving.cert}`,
      `--tls-private-key-file=${serving.key}`,
      `--client-ca-file=${this.ca}`,
      `--service-account-key-file=${accounts.cert}`,
      `--service-account-signing-key-file=${accounts.key}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-cluster-ip-range=${serviceCidrs}`,
      '--authorization-mode=RBAC',
      // Pods need no account of their own, and nothing here makes one.
      '--disable-admission-plugins=ServiceAccount',
      '--endpoint-reconciler-type=none',
    ]
  }

  static async start(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
    const etcdPort = await freePort()
    const plane = new ControlPlane(etcdPort, await freePort(), options)
    try {
      await plane.#startEtcd(etcdPort)
      await plane.startApiServer()
      const wanted = options.controllers !== 'none' && lookupAsset('kube-controller-manager')
      if (wanted) await plane.#startControllers()
      return plane
    } catch (error) {
      await plane[Symbol.asyncDispose]()
      throw error
    }
  }

  /** The path of a kubeconfig: of the administrator, of an account with CoreDNS's rights, or of one that may nothing. */
  async kubeconfig(
    who: 'admin' | 'coredns' | 'powerless',
    /** Another way to the same server. */
    server = this.server,
  ): Promise<string> {
    return this.#writeKubeconfig(`${who}-${new URL(server).port}`, server, await this.#userOf(who))
  }

  /** Kills it: connections break, and it says goodbye to nobody. */
  async stopApiServer(): Promise<void> {
    await this.#apiServer?.kill()
  }

  /** Another one for the same objects, which knows nothing of the first. */
  async startSecondApiServer(): Promise<SecondApiServer> {
    const port = await freePort()
    const url = this.server.replace(/\d+$/, String(port))
    const client = new ClusterClient(url, this.ca, this.admin)
    const server = this.#start('kube-apiserver', [...this.#apiServerFlags, `--secure-port=${port}`])
    this.#components.push(server)
    await server.until(() => client.isReady())
    return {
      client,
      stop: async () => {
        client[Symbol.dispose]()
        await server.kill()
      },
    }
  }

  async startApiServer(...flags: readonly string[]): Promise<void> {
    this.#apiServer = this.#start('kube-apiserver', [...this.#apiServerFlags, ...flags])
    await this.#apiServer.until(() => this.client.isReady())
  }

  /** Kills it and starts it. With an emptied cache it can resume no watch: every one of them has to list anew. */
  async restartApiServer({
    emptyWatchCache,
  }: {
    readonly emptyWatchCache: boolean
  }): Promise<void> {
    await this.stopApiServer()
    if (emptyWatchCache) await this.#etcd.forgetHistory()
    await this.startApiServer()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client[Symbol.dispose]()
    await this.stopApiServer()
    await Promise.all(this.#components.map(component => component.kill()))
    await this.#deathwatch[Symbol.asyncDispose]()
    await rm(this.folder, { recursive: true, force: true })
  }

  /** What a kubeconfig says of somebody. */
  async #userOf(who: 'admin' | 'coredns' | 'powerless'): Promise<object> {
    if (who === 'coredns') return { token: await createCorednsAccount(this.client) }
    if (who === 'powerless') return { token: await createAccount(this.client, who) }
    const { cert, key } = this.admin
    return { 'client-certificate-data': dataOf(cert), 'client-key-data': dataOf(key) }
  }

  #writeKubeconfig(name: string, server: string, user: object): string {
    const path = join(this.folder, `${name}.conf`)
    const cluster = { server, 'certificate-authority-data': dataOf(this.ca) }
    writeFileSync(path, oneContext(cluster, user), { mode: 0o600 })
    return path
  }

  async #startEtcd(port: number): Promise<void> {
    const url = `http://127.0.0.1:${port}`
    const etcd = this.#start('etcd', [
      `--data-dir=${join(this.folder, 'etcd')}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      // Nobody speaks to it: there is one member.
      '--listen-peer-urls=http://127.0.0.1:0',
      '--log-level=error',
      '--unsafe-no-fsync',
    ])
    this.#components.push(etcd)
    await etcd.until(() => this.#etcd.isHealthy())
  }

  async #startControllers(): Promise<void> {
    const manager = this.#start('kube-controller-manager', [
      `--kubeconfig=${await this.kubeconfig('admin')}`,
      `--controllers=${controllers.join(',')}`,
      '--leader-elect=false',
      '--secure-port=0',
      '--kube-api-qps=500',
      '--kube-api-burst=1000',
    ])
    this.#components.push(manager)
  }

  #start(binary: Parameters<typeof lookupAsset>[0], args: readonly string[]): Component {
    const log = join(this.folder, `${binary}.log`)
    return new Component(lookupAsset(binary)!, args, { log, deathwatch: this.#deathwatch })
  }
}

function dataOf(path: string): string {
  return asData(readFileSync(path, 'utf8'))
}
