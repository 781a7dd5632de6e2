import { type NetworkInterfaceInfo } from 'node:os'
import { type Binding, expandWildcard, isWildcard, renderBinding } from './binding.ts'
import type { ListenerConfiguration } from './serving-protocol.ts'

/**
 * The listeners with their wildcards expanded. An address that is also asked for by itself has only what is asked for
 * there. Port 0 becomes the port that the system has chosen before.
 */
export function expandListeners(
  listeners: readonly ListenerConfiguration[],
  {
    interfaces,
    bound,
  }: {
    readonly interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>
    readonly bound: readonly Binding[]
  },
): ListenerConfiguration[] {
  const withPorts = listeners.map(listener => ({
    ...listener,
    binding: {
      ...listener.binding,
      port: listener.binding.port || portOf(listener.binding, bound),
    },
  }))
  const plain = withPorts.filter(({ binding }) => !isWildcard(binding))
  const named = new Set(plain.map(({ binding }) => renderBinding(binding)))
  const ofWildcards = withPorts
    .filter(({ binding }) => isWildcard(binding))
    .flatMap(listener =>
      expandWildcard(listener.binding, interfaces)
        .filter(binding => !named.has(renderBinding(binding)))
        .map(binding => ({ ...listener, binding })),
    )
  return [...plain, ...ofWildcards]
}

function portOf(wanted: Binding, bound: readonly Binding[]): number {
  const alike = bound.filter(
    ({ family, scheme }) => family === wanted.family && scheme === wanted.scheme,
  )
  const same = alike.find(({ address }) => address === wanted.address)
  return (same ?? (isWildcard(wanted) ? alike[0] : undefined))?.port ?? 0
}
