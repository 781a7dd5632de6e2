import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { isIP, isIPv6 } from 'node:net'

/** A certificate and its key, in PEM. */
export interface Certified {
  readonly cert: string
  readonly key: string
}

const oids = {
  ecdsaWithSha256: '2a8648ce3d040302',
  commonName: '550403',
  organization: '55040a',
  subjectAlternativeName: '551d11',
  basicConstraints: '551d13',
} as const

/** Makes certificates for tests. RFC 5280 §4.1, as much of it as OpenSSL wants to see. */
export class CertificateAuthority {
  readonly #name: Buffer
  readonly #keys = newKeys()
  readonly cert: string

  constructor(name: string) {
    this.#name = nameOf(name)
    this.cert = this.#sign(this.#name, this.#keys.publicKey, [
      extension(oids.basicConstraints, der(0x30, der(0x01, Buffer.from([0xff])))),
    ])
  }

  /** `hosts` are names and addresses; a client needs none. A `group` is what Kubernetes takes the organization for. */
  issue(name: string, hosts: readonly string[] = [], group?: string): Certified {
    const { publicKey, privateKey } = newKeys()
    const names = hosts.map(host =>
      isIP(host) ? der(0x87, addressBytes(host)) : der(0x82, Buffer.from(host)),
    )
    return {
      cert: this.#sign(
        nameOf(name, group),
        publicKey,
        names.length > 0 ? [extension(oids.subjectAlternativeName, der(0x30, ...names))] : [],
      ),
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    }
  }

  #sign(subject: Buffer, publicKey: KeyObject, extensions: readonly Buffer[]): string {
    const algorithm = der(0x30, oid(oids.ecdsaWithSha256))
    const serial = Buffer.from(crypto.getRandomValues(new Uint8Array(8)))
    serial[0] = 1
    const content = der(
      0x30,
      der(0xa0, der(0x02, Buffer.from([2]))),
      der(0x02, serial),
      algorithm,
      this.#name,
      der(0x30, time('20200101000000Z'), time('20991231235959Z')),
      subject,
      publicKey.export({ type: 'spki', format: 'der' }),
      ...(extensions.length > 0 ? [der(0xa3, der(0x30, ...extensions))] : []),
    )
    const signature = sign('sha256', content, this.#keys.privateKey)
    const bytes = der(0x30, content, algorithm, der(0x03, Buffer.from([0]), signature))
    const lines = bytes.toString('base64').match(/.{1,64}/g)!
    return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
  }
}

function newKeys(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

function nameOf(name: string, group?: string): Buffer {
  const part = (id: string, text: string): Buffer =>
    der(0x31, der(0x30, oid(id), der(0x0c, Buffer.from(text))))
  const groups = group === undefined ? [] : [part(oids.organization, group)]
  return der(0x30, ...groups, part(oids.commonName, name))
}

function extension(id: string, value: Buffer): Buffer {
  return der(0x30, oid(id), der(0x04, value))
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'))
}

function time(text: string): Buffer {
  return der(0x18, Buffer.from(text))
}

/** `127.0.0.1` and `::1`. */
function addressBytes(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number))
  return Buffer.from([...Array<number>(15).fill(0), 1])
}

/** Tag, length, content. Go takes no length that could have been shorter. */
function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  const { length } = body
  const long = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  const size = length < 0x80 ? [length] : long
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}
