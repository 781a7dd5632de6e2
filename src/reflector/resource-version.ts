const number = /^\d+$/

/**
 * Whether `version` is older than `other`. Resource versions mean nothing to clients but for this: they are numbers that grow
 * with every write, Kubernetes 1.35. What is no number is never older.
 */
export function isOlderVersion(version: string, other: string): boolean {
  if (!number.test(version) || !number.test(other)) return false
  return version.length === other.length ? version < other : version.length < other.length
}
