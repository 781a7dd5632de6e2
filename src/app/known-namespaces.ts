import type { LoadedCluster } from './load-cluster.ts'

/** More names than this help nobody to find the one that was meant. */
const MOST_NAMED = 20

/** What to say of a namespace that there is not; `undefined` when there is, or when none was asked for. */
export function unknownNamespace(
  { store }: LoadedCluster,
  namespace: string | undefined,
): string | undefined {
  const known = [...store.namespaces()].map(({ name }) => name).sort()
  if (namespace === undefined || known.includes(namespace)) return undefined
  const others = known.length > MOST_NAMED ? ` and ${known.length - MOST_NAMED} more` : ''
  const names = known.slice(0, MOST_NAMED).join(', ')
  return `namespace "${namespace}" is not among the manifests: known are ${names}${others}`
}
