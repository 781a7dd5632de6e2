/** The path of an import: relative ones start at the folder of the importing file. `.` and `..` are resolved. */
export function resolveImport(path: string, importingFile: string): string {
  const folder = importingFile.slice(0, importingFile.lastIndexOf('/') + 1)
  return normalizePath(path.startsWith('/') ? path : folder + path)
}

/** One spelling for each file, so that cycles are seen. */
export function normalizePath(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else if (part === '..' && path.startsWith('/')) continue
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return (path.startsWith('/') ? '/' : '') + parts.join('/')
}

/** Whether a path has the wildcards of Go's `filepath.Glob`. */
export function isGlob(path: string): boolean {
  return /[*?[\]]/.test(path)
}
