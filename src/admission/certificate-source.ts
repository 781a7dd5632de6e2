/** A certificate and its private key, in PEM. The certificate may have others of its chain behind it. */
export interface KeyedCertificate {
  readonly cert: string
  readonly key: string
}

/** What the server shows to the API server. There is always one; it changes now and then while the server runs. */
export interface CertificateSource extends AsyncDisposable {
  /** What new connections should get, as of now. */
  current(): KeyedCertificate
  /** Called with each later one, synchronously: when it returns, new connections get it. Gives a function that ends this. */
  onChange(listener: (certificate: KeyedCertificate) => void): () => void
  /**
   * Whom to trust where one replica asks another, PEM: while one certificate takes the place of another, what signed either. With
   * files it is the certificate and what stands behind it, of which a client needs `allowPartialTrustChain`.
   */
  readonly trusted: string
  /** When the current one ends, Unix time in milliseconds. */
  readonly notAfterMs: number
}
