import { readFileSync } from 'node:fs'

/** Two certificates of an API server on loopback, each its own authority, and their keys; in PEM. */
export const firstCertificate = read('first')
export const secondCertificate = read('second')

function read(name: string): { readonly cert: string; readonly key: string } {
  const folder = new URL('../fixtures/api-tls/', import.meta.url)
  const text = (part: string): string =>
    readFileSync(new URL(`${name}-${part}.pem`, folder), 'utf8')
  return { cert: text('cert'), key: text('key') }
}
