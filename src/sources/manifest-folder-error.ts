/** Why a folder of manifests cannot be used at all. */
export type ManifestFolderErrorCode = 'missing' | 'not-a-folder' | 'unreadable'

const states: Readonly<Record<ManifestFolderErrorCode, string>> = {
  missing: 'no such folder',
  'not-a-folder': 'expected a folder, got a file',
  unreadable: 'the folder cannot be listed',
}

export class ManifestFolderError extends Error {
  override readonly name = 'ManifestFolderError'
  readonly code: ManifestFolderErrorCode

  constructor(code: ManifestFolderErrorCode, folder: string, cause?: unknown) {
    const detail = cause instanceof Error ? ` (${(cause as NodeJS.ErrnoException).code})` : ''
    super(`Cannot read manifests from "${folder}": ${states[code]}${detail}`, { cause })
    this.code = code
  }
}
