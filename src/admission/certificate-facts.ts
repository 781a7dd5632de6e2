import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { CertificateContents } from './certificate-contents.ts'
import type { Term } from './certificate-plan.ts'
import type { KeyedCertificate } from './certificate-source.ts'

/** What can be used of the contents of the Secret, and for how long. */
export interface CertificateFacts {
  readonly authority: Term | undefined
  readonly leaf: Term | undefined
}

/** `names` are those that the leaf has to have. What somebody has edited by hand, or left out, is `undefined`. */
export function factsOf(contents: CertificateContents, names: readonly string[]): CertificateFacts {
  const authority = readPair(contents.authority)
  const leaf = readPair(contents.leaf)
  const isFit =
    authority !== undefined &&
    leaf?.verify(authority.publicKey) === true &&
    names.every(name => leaf.checkHost(name) !== undefined)
  return { authority: authority && termOf(authority), leaf: isFit ? termOf(leaf) : undefined }
}

/** `undefined` where the key is that of another certificate too. */
function readPair({ cert, key }: KeyedCertificate): X509Certificate | undefined {
  const certificate = readCertificate(cert)
  try {
    return certificate?.checkPrivateKey(createPrivateKey(key)) ? certificate : undefined
  } catch {
    // Whatever it is that does not read, it has to be made anew.
    return undefined
  }
}

/** Without authorities that somebody has edited by hand: nothing but certificates may come into a bundle. */
export function withoutUnreadable(contents: CertificateContents): CertificateContents {
  const { next, previous, ...rest } = contents
  return {
    ...rest,
    ...(next && readPair(next) && { next }),
    ...(previous !== undefined && readCertificate(previous) && { previous }),
  }
}

function readCertificate(cert: string): X509Certificate | undefined {
  try {
    return new X509Certificate(cert)
  } catch {
    // Whatever it is, nobody can trust it.
    return undefined
  }
}

function termOf({ validFromDate, validToDate }: X509Certificate): Term {
  return { fromMs: validFromDate.getTime(), toMs: validToDate.getTime() }
}
