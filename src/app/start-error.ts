/**
 * Why nothing can be started or checked with what the command line names:
 * `corefile-unreadable`, there is no file there that can be read; `no-access`, nothing says where the cluster is, or what says it
 * cannot be used; `certificate-unusable`, the files of a certificate cannot be read, or do not belong together;
 * `policies-unusable`, the file of policies has a fault.
 */
export type StartErrorCode =
  | 'corefile-unreadable'
  | 'no-access'
  | 'certificate-unusable'
  | 'policies-unusable'

export class StartError extends Error {
  override readonly name = 'StartError'
  readonly code: StartErrorCode

  constructor(code: StartErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
