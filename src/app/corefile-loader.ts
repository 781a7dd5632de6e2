import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import type { Corefile } from '../corefile/corefile.ts'
import { type CorefileFiles, parseCorefile } from '../corefile/parse-corefile.ts'
import { StartError } from './start-error.ts'

/** Where the configuration comes from. */
export type CorefileLocation =
  | { readonly path: string; readonly text?: undefined }
  /** Text that is in no file; `path` is what errors call it. */
  | { readonly path: string; readonly text: string }

export interface LoadedCorefile {
  readonly corefile: Corefile
  /** SHA-512 of what it says, in hex; comments and spacing do not count. */
  readonly sha512: string
}

/** Files, globs and variables of this process. */
const processFiles: CorefileFiles = {
  read: path => {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      // The parser says which import is missing, and where it stands.
      return undefined
    }
  },
  glob: pattern => globSync(pattern).toSorted(),
  environment: name => process.env[name],
}

/** Reads and parses a Corefile with all that it imports. Throws a CorefileError, or a StartError when the file cannot be read. */
export function loadCorefile(
  location: CorefileLocation,
  { defaultPort }: { readonly defaultPort?: number } = {},
): LoadedCorefile {
  const text = location.text ?? readText(location.path)
  const corefile = parseCorefile(text, location.path, {
    files: processFiles,
    ...(defaultPort !== undefined && { defaultPort }),
  })
  return { corefile, sha512: createHash('sha512').update(corefile.canonicalText).digest('hex') }
}

/** What stands there in place of the file, by the system's code. */
const foundInstead: Readonly<Record<string, string>> = {
  ENOENT: 'nothing of that name',
  EISDIR: 'a folder',
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code = 'UNKNOWN' } = error as NodeJS.ErrnoException
    const found = foundInstead[code] ?? `one that cannot be read (${code})`
    throw new StartError(
      'corefile-unreadable',
      `Cannot read the Corefile "${path}": expected a file, got ${found}`,
      { cause: error },
    )
  }
}
