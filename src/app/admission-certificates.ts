import type { CertificateSource } from '../admission/certificate-source.ts'
import { FileCertificates } from '../admission/file-certificates.ts'
import { ManagedCertificates } from '../admission/managed-certificates.ts'
import { SecretCertificates } from '../admission/secret-certificates.ts'
import { ApiClient } from '../client/api-client.ts'
import type { Logger } from '../lib/logger.ts'
import type { ApiAccess } from '../reflector/api-access.ts'
import type { AdmissionPod } from './admission-replicas.ts'
import { StartError } from './start-error.ts'

/** Where the certificates come from. */
export type CertificateOptions =
  | { readonly from: 'files'; readonly cert: string; readonly key: string }
  /** Somebody else writes the Secret, and caBundle. */
  | { readonly from: 'secret'; readonly namespace: string; readonly name: string }
  /** Made and renewed here, with the other replicas. */
  | { readonly from: 'own'; readonly pod: AdmissionPod }

export interface CertificateSetting {
  readonly access: ApiAccess
  readonly logger: Logger
}

/** As in manifests/admission, whose Roles name them. */
const secret = 'signpost-admission-tls'
const lease = 'signpost-admission'
const configurations = ['signpost-services', 'signpost-pods']

/**
 * Waits for the first certificate, as long as it takes; rejects with the signal, and with a StartError for files that cannot be
 * used.
 */
export async function openCertificates(
  options: CertificateOptions,
  { access, logger }: CertificateSetting,
  signal: AbortSignal,
): Promise<CertificateSource> {
  if (options.from === 'files') {
    try {
      return await FileCertificates.open({ ...options, logger })
    } catch (error) {
      throw new StartError('certificate-unusable', (error as Error).message, { cause: error })
    }
  }
  if (options.from === 'secret') {
    return await SecretCertificates.open({ ...options, access, logger }, signal)
  }
  const { namespace, name: identity, service } = options.pod
  const client = new ApiClient({ access })
  return await ManagedCertificates.open(
    { access, client, logger, namespace, identity, service, secret, lease, configurations },
    signal,
  )
}
