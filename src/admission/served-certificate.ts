import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import type { KeyedCertificate } from './certificate-source.ts'

type Listener = (certificate: KeyedCertificate) => void

/** The certificate that is served, and who wants to know of another one. Takes only what a server can serve. */
export class ServedCertificate {
  readonly #first = Promise.withResolvers<void>()
  readonly #listeners = new Set<Listener>()
  #certificate: KeyedCertificate | undefined
  #notAfterMs = 0

  constructor() {
    // Who does not wait for it need not hear that it never came.
    this.#first.promise.catch(() => {})
  }

  /** Resolves when there is one; rejects with the signal. */
  async arrived(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const giveUp = (): void => this.#first.reject(signal.reason)
    signal.addEventListener('abort', giveUp)
    try {
      await this.#first.promise
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  get notAfterMs(): number {
    return this.#notAfterMs
  }

  /** Of what is served, to tell certificates apart; '' before there is one. */
  get fingerprint(): string {
    return this.#certificate ? fingerprintOf(this.#certificate.cert) : ''
  }

  current(): KeyedCertificate {
    if (!this.#certificate) throw new TypeError('Cannot serve a certificate: there is none yet')
    return this.#certificate
  }

  onChange(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Takes the place of the last one. What is wrong with it, for people; then the last one stays. Never quotes a key. */
  set(certificate: KeyedCertificate): string | undefined {
    if (isEqual(certificate, this.#certificate)) return undefined
    const notAfterMs = readPair(certificate)
    if (typeof notAfterMs === 'string') return notAfterMs
    this.#notAfterMs = notAfterMs
    this.#certificate = certificate
    for (const listener of this.#listeners) listener(certificate)
    this.#first.resolve()
    return undefined
  }
}

/** `3f2a…`, the first 16 digits of the SHA-256 of the text. */
export function fingerprintOf(cert: string): string {
  return createHash('sha256').update(cert).digest('hex').slice(0, 16)
}

function isEqual(one: KeyedCertificate, other: KeyedCertificate | undefined): boolean {
  return one.cert === other?.cert && one.key === other.key
}

/** When it ends, or why it cannot be served. */
function readPair({ cert, key }: KeyedCertificate): number | string {
  if (cert === '' || key === '') return 'the certificate or its key is missing'
  let certificate
  try {
    certificate = new X509Certificate(cert)
  } catch {
    // OpenSSL's words say nothing to people.
    return 'the certificate is no PEM certificate'
  }
  try {
    if (!certificate.checkPrivateKey(createPrivateKey(key)))
      return 'the key is not that of the certificate'
  } catch {
    // What it says could have a part of the key.
    return 'the key is no PEM key'
  }
  return certificate.validToDate.getTime()
}
