import type { OutgoingHttpHeaders } from 'node:http'
import type { RequestOptions } from 'node:https'
import { createSecureContext } from 'node:tls'
import { KubeConfig } from '@kubernetes/client-node/dist/config.js'
import type { ApiAccess, ApiConnection } from '../reflector/api-access.ts'
import { AccessError, onOneLine } from './access-error.ts'
import type { AccessOptions } from './access-options.ts'
import { type AccessTarget, readTarget } from './access-target.ts'
import { TokenFile } from './token-file.ts'

/** The library writes its headers into an object. */
type HeldOptions = Omit<RequestOptions, 'headers'> & { readonly headers: OutgoingHttpHeaders }

/** A credential plugin may open a browser and wait for a person; until then whoever connects is told so, again and again. */
const patienceMs = 30_000

/**
 * Access to an API server by what the library makes of a kubeconfig or a service account. Files, tokens and plugins are asked
 * again for each connection, and connections of the same moment share the reply.
 */
export class KubeAccess implements ApiAccess {
  readonly #target: AccessTarget
  readonly #base: URL
  readonly #tokenFile: TokenFile | undefined
  /** What a plugin said is kept in here until it ends. */
  #pluginConfig: KubeConfig | undefined
  #underWay: Promise<HeldOptions> | undefined

  /** Throws AccessError where it is not said how, or where a file that is named cannot be read. */
  static open(options: AccessOptions): KubeAccess {
    return new KubeAccess(readTarget(options))
  }

  private constructor(target: AccessTarget) {
    this.#target = target
    this.#base = new URL(target.cluster.server)
    this.#tokenFile = target.tokenFile === undefined ? undefined : new TokenFile(target.tokenFile)
  }

  get server(): string {
    return this.#target.cluster.server
  }

  async connect(last?: 'refused'): Promise<ApiConnection> {
    try {
      this.#underWay ??= this.#readOptions(last).finally(() => {
        this.#underWay = undefined
      })
      const shared = await this.#withPatience(this.#underWay)
      const options = { ...shared, headers: { ...shared.headers }, agent: false as const }
      return { base: this.#base, options: await this.#throughProxy(options) }
    } catch (error) {
      if (error instanceof AccessError) throw error
      throw new AccessError(
        'credentials',
        `Cannot get credentials for ${this.server}: ${this.#pluginHint()}${onOneLine(error)}`,
        error,
      )
    }
  }

  async #readOptions(last: 'refused' | undefined): Promise<HeldOptions> {
    const { cluster, user } = this.#target
    const token = await this.#tokenFile?.read(last)
    const config = this.#configFor(last, token)
    const options: HeldOptions = { headers: {} }
    try {
      await config.applyToHTTPSOptions(options)
    } catch (error) {
      this.#pluginConfig = undefined
      throw error
    }
    if (user.authProvider?.name === 'oidc' && !('Authorization' in options.headers)) {
      throw new Error('the OIDC token has ended and cannot be refreshed: log in again')
    }
    // Otherwise a key that is not the certificate's would throw somewhere below a request.
    if (cluster.server.startsWith('https:')) {
      const { ca, cert, key } = options
      createSecureContext({ ca, cert, key })
    }
    return options
  }

  #configFor(last: 'refused' | undefined, token: string | undefined): KubeConfig {
    const { cluster, user } = this.#target
    if (last === 'refused') this.#pluginConfig = undefined
    if (this.#pluginConfig) return this.#pluginConfig
    const config = new KubeConfig()
    const { proxyUrl: _, ...direct } = cluster
    config.loadFromClusterAndUser(
      // The library refuses plain HTTP unless it is told not to verify what is not there.
      { ...direct, skipTLSVerify: cluster.skipTLSVerify || this.#base.protocol === 'http:' },
      token === undefined ? user : { ...user, token },
    )
    if (this.#hasPlugin) this.#pluginConfig = config
    return config
  }

  /** The library keeps its agent and with it the certificates of its first connection, so each gets one of its own. */
  async #throughProxy(options: RequestOptions): Promise<RequestOptions> {
    const { cluster } = this.#target
    if (!cluster.proxyUrl) return options
    const config = new KubeConfig()
    config.loadFromClusterAndUser(cluster, { name: 'proxy' })
    await config.applyToHTTPSOptions(options)
    return options
  }

  get #hasPlugin(): boolean {
    const { exec, authProvider } = this.#target.user
    return Boolean(exec ?? authProvider?.config?.exec)
  }

  #pluginHint(): string {
    const { exec } = this.#target.user
    if (!exec) return ''
    const hint = exec.installHint ? ` (${onOneLine({ message: exec.installHint })})` : ''
    return `"${exec.command}"${hint}: `
  }

  async #withPatience<Value>(work: Promise<Value>): Promise<Value> {
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<never>((_, reject) => {
      const message = `still waiting after ${patienceMs / 1000} s`
      timer = setTimeout(() => reject(new Error(message)), patienceMs)
    })
    return await Promise.race([work, tooLong]).finally(() => clearTimeout(timer))
  }
}
