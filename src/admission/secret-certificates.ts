import { Buffer } from 'node:buffer'
import type { Logger } from '../lib/logger.ts'
import { rawObject, rawString } from '../objects/raw-value.ts'
import type { ApiAccess } from '../reflector/api-access.ts'
import type { ApiObject } from '../reflector/reflector-sink.ts'
import type { CertificateSource, KeyedCertificate } from './certificate-source.ts'
import { SecretWatch } from './secret-watch.ts'
import { ServedCertificate } from './served-certificate.ts'

export interface SecretCertificatesOptions {
  readonly access: ApiAccess
  readonly logger: Logger
  readonly namespace: string
  readonly name: string
}

/** A Secret of type `kubernetes.io/tls` that somebody else writes: cert-manager, which looks after caBundle as well. */
export class SecretCertificates implements CertificateSource {
  readonly #served = new ServedCertificate()
  readonly #stop = new AbortController()
  readonly #options: SecretCertificatesOptions
  readonly #running: Promise<void>
  /** Of now and before. */
  #authorities: readonly string[] = []

  private constructor(options: SecretCertificatesOptions) {
    this.#options = options
    const watch = new SecretWatch({ ...options, onSecret: secret => this.#take(secret) })
    this.#running = watch.run(this.#stop.signal)
  }

  /** Waits for the first certificate, as long as it takes; rejects with the signal. */
  static async open(
    options: SecretCertificatesOptions,
    signal: AbortSignal,
  ): Promise<SecretCertificates> {
    const source = new SecretCertificates(options)
    try {
      await source.#served.arrived(signal)
      return source
    } catch (error) {
      await source[Symbol.asyncDispose]()
      throw error
    }
  }

  get notAfterMs(): number {
    return this.#served.notAfterMs
  }

  get trusted(): string {
    return this.#authorities.join('')
  }

  current(): KeyedCertificate {
    return this.#served.current()
  }

  onChange(listener: (certificate: KeyedCertificate) => void): () => void {
    return this.#served.onChange(listener)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  #take(secret: ApiObject | undefined): void {
    const { logger, namespace, name } = this.#options
    const data = rawObject(secret?.['data'])
    const text = (key: string): string =>
      Buffer.from(rawString(data[key]), 'base64').toString('utf8')
    const problem = secret
      ? this.#served.set({ cert: text('tls.crt'), key: text('tls.key') })
      : 'there is no such Secret'
    // An authority that is not said can be one that everybody knows, or the certificate's own.
    if (problem === undefined) this.#trust(text('ca.crt') || text('tls.crt'))
    else logger.warn(`Cannot serve the certificate in Secret "${namespace}/${name}": ${problem}`)
  }

  #trust(authority: string): void {
    const [last] = this.#authorities
    if (authority !== last) this.#authorities = last === undefined ? [authority] : [authority, last]
  }
}
