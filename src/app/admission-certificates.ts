import type { CertificateSource } from '../admission/certificate-source.ts'
import { FileCertificates } from '../admission/file-certificates.ts'
import { ManagedCertificates } from '../admission/managed-certificates.ts'
import { SecretCertificates } from '../admission/secret-certificates.ts'
import { ApiClient } from '../client/api-client.ts'
import type { Logger } from '../lib/logger.ts'
import type { ApiAccess } from '../reflector/api-access.ts'

/** Where the certificate of the webhooks comes from. */
export type CertificateChoice =
  /** Files in PEM, of somebody who looks after caBundle too. */
  | { readonly from: 'files'; readonly cert: string; readonly key: string }
  /** A Secret of cert-manager. */
  | { readonly from: 'secret'; readonly namespace: string; readonly name: string }
  /** Made here, in a Secret of our own; `identity` is the name of the Pod. */
  | { readonly from: 'own'; readonly namespace: string; readonly identity: string }

export interface CertificateContext {
  readonly access: ApiAccess
  readonly logger: Logger
  /** Ends the wait for the first certificate. */
  readonly signal: AbortSignal
}

/** The names of manifests/admission. */
const own = {
  secret: 'signpost-admission-tls',
  lease: 'signpost-admission',
  service: 'signpost-admission',
  configurations: ['signpost-services', 'signpost-pods'],
} as const

/** Resolves with the first certificate, as long as that takes but for files. Rejects where these cannot be served. */
export async function openCertificates(
  choice: CertificateChoice,
  { access, logger, signal }: CertificateContext,
): Promise<CertificateSource> {
  if (choice.from === 'files') {
    return FileCertificates.open({ logger, cert: choice.cert, key: choice.key })
  }
  if (choice.from === 'secret') {
    const { namespace, name } = choice
    return SecretCertificates.open({ access, logger, namespace, name }, signal)
  }
  const { namespace, identity } = choice
  const client = new ApiClient({ access })
  return ManagedCertificates.open({ access, client, logger, namespace, identity, ...own }, signal)
}
