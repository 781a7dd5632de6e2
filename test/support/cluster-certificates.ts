import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CertificateAuthority, type Certified } from './certificate-authority.ts'

/** A certificate and its key, as the paths of PEM files. */
export interface KeyPair {
  readonly cert: string
  readonly key: string
}

/** The certificates of one cluster, in files of one folder. */
export class ClusterCertificates {
  /** The path of the authority's certificate. */
  readonly ca: string
  readonly #authority = new CertificateAuthority('test-ca')
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
    this.ca = this.#write('ca.crt', this.#authority.cert)
  }

  /** For a user and the group that he is in, `system:masters`. */
  forClient(user: string, group: string): KeyPair {
    return this.#save(user, this.#authority.issue(user, [], group))
  }

  /** For a server on loopback and one more address, which may be of loopback too. */
  forServer(name: string, address: string): KeyPair {
    const hosts = new Set(['localhost', '127.0.0.1', '::1', address])
    return this.#save(name, this.#authority.issue(name, [...hosts]))
  }

  #save(name: string, { cert, key }: Certified): KeyPair {
    return { cert: this.#write(`${name}.crt`, cert), key: this.#write(`${name}.key`, key) }
  }

  #write(name: string, text: string): string {
    const path = join(this.#folder, name)
    writeFileSync(path, text, { mode: 0o600 })
    return path
  }
}
