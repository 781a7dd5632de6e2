import { Buffer } from 'node:buffer'
import { type RawObject, rawObject, rawString } from '../objects/raw-value.ts'
import type { KeyedCertificate } from './certificate-source.ts'

/** What the Secret holds that all replicas share. */
export interface CertificateContents {
  /** Signs what is served. */
  readonly authority: KeyedCertificate
  /** What every replica serves. */
  readonly leaf: KeyedCertificate
  /** Will sign what is served: clients are told of it first. */
  readonly next?: KeyedCertificate | undefined
  /** The certificate of the authority before: replicas may still serve what it signed. */
  readonly previous?: string | undefined
}

/** Keys that are not there are empty texts: who uses them finds out. `undefined` where there is nothing at all. */
export function readContents(secret: RawObject): CertificateContents | undefined {
  const data = rawObject(secret['data'])
  const text = (key: string): string => Buffer.from(rawString(data[key]), 'base64').toString('utf8')
  const [nextCert, nextKey, previous] = [
    text('next-ca.crt'),
    text('next-ca.key'),
    text('old-ca.crt'),
  ]
  const contents = {
    authority: { cert: text('ca.crt'), key: text('ca.key') },
    leaf: { cert: text('tls.crt'), key: text('tls.key') },
    ...(nextCert !== '' && nextKey !== '' && { next: { cert: nextCert, key: nextKey } }),
    ...(previous !== '' && { previous }),
  }
  return contents.leaf.cert === '' && contents.authority.cert === '' ? undefined : contents
}

/** The `data` of a Secret of type `kubernetes.io/tls`. */
export function renderContents(contents: CertificateContents): Readonly<Record<string, string>> {
  const { authority, leaf, next, previous } = contents
  const texts = {
    'ca.crt': authority.cert,
    'ca.key': authority.key,
    'tls.crt': leaf.cert,
    'tls.key': leaf.key,
    ...(next && { 'next-ca.crt': next.cert, 'next-ca.key': next.key }),
    ...(previous !== undefined && { 'old-ca.crt': previous }),
  }
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
  )
}

/** What clients have to trust while these are the contents: everything that a replica may serve now or next. */
export function bundleOf({ authority, next, previous }: CertificateContents): string {
  return [authority.cert, next?.cert, previous].filter(cert => cert !== undefined).join('')
}
