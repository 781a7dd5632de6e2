import { randomBytes, webcrypto } from 'node:crypto'
import type * as X509 from '@peculiar/x509'
import type { KeyedCertificate } from './certificate-source.ts'

export interface Validity {
  /** Unix time in milliseconds. */
  readonly fromMs: number
  readonly toMs: number
}

/** Clocks of others may be behind. */
const backdatedMs = 3_600_000
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** A new authority that signs servers' certificates, and nothing else. RFC 5280 §4.2.1.9. */
export async function issueAuthority(name: string, validity: Validity): Promise<KeyedCertificate> {
  const x509 = await loadX509()
  const keys = await newKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...common(validity),
    // Two authorities are in use at once: with one name a client would take one for the other.
    name: `CN=${name} ${randomBytes(4).toString('hex')}`,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { cert: `${certificate.toString('pem')}\n`, key: await keyText(keys.privateKey) }
}

/** A server's certificate for DNS names, signed by an authority. The first name is its subject too. */
export async function issueLeaf(
  authority: KeyedCertificate,
  names: readonly string[],
  validity: Validity,
): Promise<KeyedCertificate> {
  const x509 = await loadX509()
  const keys = await newKeys()
  const issuer = new x509.X509Certificate(authority.cert)
  const certificate = await x509.X509CertificateGenerator.create({
    ...common(validity),
    // Subjects have 64 characters at most; clients look at the other names only.
    subject: `CN=${names[0]!.slice(0, 64)}`,
    issuer: issuer.subjectName,
    publicKey: keys.publicKey,
    signingKey: await readKey(authority.key),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map(value => ({ type: 'dns', value }))),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  })
  return { cert: `${certificate.toString('pem')}\n`, key: await keyText(keys.privateKey) }
}

function common({ fromMs, toMs }: Validity) {
  const serial = randomBytes(16)
  // Positive and without a zero in front, whatever chance says.
  serial[0] = (serial[0]! & 0x3f) | 0x40
  return {
    serialNumber: serial.toString('hex'),
    notBefore: new Date(fromMs - backdatedMs),
    notAfter: new Date(toMs),
    signingAlgorithm: algorithm,
  }
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

async function keyText(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key))
  const lines = bytes.toString('base64').match(/.{1,64}/g)!
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n')
}

async function readKey(text: string): Promise<webcrypto.CryptoKey> {
  const bytes = Buffer.from(text.replaceAll(/-----[A-Z ]+-----|\s/g, ''), 'base64')
  return webcrypto.subtle.importKey('pkcs8', bytes, algorithm, false, ['sign'])
}

/** Loaded when it is needed, which is every few months. */
async function loadX509(): Promise<typeof X509> {
  // The library's injector refuses to start without these, and none of its classes says anything by them.
  const reflect = Reflect as { getMetadata?: () => undefined; getOwnMetadata?: () => undefined }
  reflect.getMetadata ??= () => undefined
  reflect.getOwnMetadata ??= () => undefined
  return import('@peculiar/x509')
}
