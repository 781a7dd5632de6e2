import { readFile } from 'node:fs/promises'
import type { Logger } from '../lib/logger.ts'
import type { CertificateSource, KeyedCertificate } from './certificate-source.ts'
import { ServedCertificate } from './served-certificate.ts'

export interface FileCertificatesOptions {
  readonly logger: Logger
  /** Paths of PEM files. */
  readonly cert: string
  readonly key: string
  readonly pollMs?: number
}

/** A certificate and its key in two files, looked at now and then: what tells of changes does so on no mounted volume for certain. */
export class FileCertificates implements CertificateSource {
  readonly #served = new ServedCertificate()
  readonly #options: FileCertificatesOptions
  readonly #timer: NodeJS.Timeout
  #reading: Promise<void> = Promise.resolve()
  #problem: string | undefined
  #trusted = ''

  private constructor(options: FileCertificatesOptions) {
    this.#options = options
    this.#timer = setInterval(() => {
      this.#reading = this.poll()
    }, options.pollMs ?? 10_000)
    this.#timer.unref()
  }

  /** Rejects where there is no certificate that can be served. */
  static async open(options: FileCertificatesOptions): Promise<FileCertificates> {
    const source = new FileCertificates(options)
    const problem = await source.#take()
    if (problem === undefined) return source
    await source[Symbol.asyncDispose]()
    throw new Error(problem)
  }

  get notAfterMs(): number {
    return this.#served.notAfterMs
  }

  get trusted(): string {
    return this.#trusted
  }

  current(): KeyedCertificate {
    return this.#served.current()
  }

  onChange(listener: (certificate: KeyedCertificate) => void): () => void {
    return this.#served.onChange(listener)
  }

  /** Looks at the files now. What cannot be served is said once, and the last one stays. */
  async poll(): Promise<void> {
    const problem = await this.#take()
    if (problem !== undefined && problem !== this.#problem) this.#options.logger.warn(problem)
    this.#problem = problem
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#reading
  }

  async #take(): Promise<string | undefined> {
    const { cert, key } = this.#options
    const cannot = `Cannot serve the certificate in "${cert}" with the key in "${key}"`
    let pair
    try {
      pair = { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') }
    } catch (error) {
      return `${cannot}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`
    }
    // One file may be of another time than the other: then both are right at the next look.
    const last = this.#trusted && this.#served.current().cert
    const problem = this.#served.set(pair)
    // Other replicas look at their files at other times.
    if (problem === undefined && pair.cert !== last) this.#trusted = pair.cert + last
    return problem === undefined ? undefined : `${cannot}: ${problem}`
  }
}
