import { readFileSync } from 'node:fs'

const folder = new URL('../fixtures/upstream-tls/', import.meta.url)

/** A self-signed certificate for `dns.example` and its key, in PEM. */
export const testCertificate = {
  cert: readFileSync(new URL('cert.pem', folder), 'utf8'),
  key: readFileSync(new URL('key.pem', folder), 'utf8'),
  host: 'dns.example',
} as const
