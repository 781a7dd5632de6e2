/** Orders paths by their bytes, the same on every machine and in every locale. */
export function comparePaths(one: string, other: string): number {
  return one === other ? 0 : Buffer.compare(Buffer.from(one), Buffer.from(other))
}

/** Whether a directory entry holds manifests by its name: not hidden, and no editor's own file. */
export function isManifestName(name: string): boolean {
  return /^[^.#].*\.(?:ya?ml|json)$/.test(name)
}

/** Hidden directories are somebody's own: `.git`, and the `..data` behind a mounted ConfigMap. */
export function isFolderName(name: string): boolean {
  return !name.startsWith('.')
}
