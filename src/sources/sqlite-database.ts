import type { DatabaseSync } from 'node:sqlite'

/**
 * Opens a database file. The module is loaded here and not at start: only `--state` needs it, and
 * early releases of Node 24 print a warning when it is loaded.
 */
export async function openDatabase(
  path: string,
  { timeoutMs }: { readonly timeoutMs: number },
): Promise<DatabaseSync> {
  const sqlite = await import('node:sqlite')
  return new sqlite.DatabaseSync(path, { timeout: timeoutMs })
}

/** SQLite's primary result code of an error that `node:sqlite` threw; `undefined` for others. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined
}
