import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { ServingCertificate } from '../admission/admission-app.ts'
import { StartError } from './start-error.ts'

/** A certificate and its key from two files in PEM. Throws StartError. */
export function readCertificateFiles(certFile: string, keyFile: string): ServingCertificate {
  const cert = attempt(`read "${certFile}"`, () => readFileSync(certFile, 'utf8'))
  const key = attempt(`read "${keyFile}"`, () => readFileSync(keyFile, 'utf8'))
  const leaf = attempt(`use "${certFile}"`, () => new X509Certificate(cert))
  const privateKey = attempt(`use "${keyFile}"`, () => createPrivateKey(key))
  if (!leaf.checkPrivateKey(privateKey)) {
    throw new StartError(
      'certificate-unusable',
      `Cannot use "${keyFile}": it is not the key of "${certFile}"`,
    )
  }
  return { cert, key }
}

function attempt<Value>(what: string, take: () => Value): Value {
  try {
    return take()
  } catch (error) {
    throw new StartError('certificate-unusable', `Cannot ${what}: ${(error as Error).message}`, {
      cause: error,
    })
  }
}
