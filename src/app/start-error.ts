/**
 * Why nothing can be started or checked with what the command line names:
 * `corefile-unreadable`, there is no file there that can be read; `no-source`, the Corefile has `kubernetes`, and nothing says where
 * the cluster is.
 */
export type StartErrorCode = 'corefile-unreadable' | 'no-source'

export class StartError extends Error {
  override readonly name = 'StartError'
  readonly code: StartErrorCode

  constructor(code: StartErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
