import { readFileSync } from 'node:fs'
import { CorefileError } from '../corefile/corefile-error.ts'
import type { ServerBlock } from '../corefile/corefile.ts'
import { timeouts } from '../plugins/timeouts/timeouts.ts'
import { type TlsSettings, tls } from '../plugins/tls/tls.ts'
import { type Binding, renderBinding } from '../server/binding.ts'
import type { ListenerConfiguration, TlsConfiguration } from '../server/serving-protocol.ts'
import type { PlannedBlock } from './serving-plan.ts'

/** What is listened on, and which blocks answer there. Throws a CorefileError where two blocks want the same zone. */
export function planListeners(planned: readonly PlannedBlock[]): ListenerConfiguration[] {
  const byBinding = new Map<string, { binding: Binding; blocks: number[] }>()
  for (const [index, { bindings }] of planned.entries()) {
    for (const binding of bindings) {
      const key = renderBinding(binding)
      const listener = byBinding.get(key)
      if (listener) listener.blocks.push(index)
      else byBinding.set(key, { binding, blocks: [index] })
    }
  }
  return Array.from(byBinding.values(), ({ binding, blocks }) => {
    const served = blocks.map(index => planned[index]!)
    checkZones(served)
    const [certificate] = served.flatMap(({ read }) => read.settingsOf(tls))
    const [connections] = served.flatMap(({ read }) => read.settingsOf(timeouts))
    return {
      binding,
      blocks,
      ...(connections && { connections }),
      ...(binding.scheme === 'tls' && {
        tls: readCertificate(certificate!, served[0]!.block),
      }),
    }
  })
}

/** A zone has one block on a listener, but for blocks that choose their queries with `view`. */
function checkZones(served: readonly PlannedBlock[]): void {
  const owners = new Map<string, ServerBlock>()
  for (const { block, configuration } of served) {
    if (block.directives.some(({ name }) => name === 'view')) continue
    for (const zone of configuration.zones) {
      const owner = owners.get(zone)
      if (owner) {
        const [scheme, port] = configuration.server.split('://')
        throw new CorefileError(
          block,
          `cannot serve ${scheme}://${zone}${port} - it is already defined in ${owner.file}:${owner.line}`,
        )
      }
      owners.set(zone, block)
    }
  }
}

function readCertificate(
  { cert, key, ca, clientAuth }: TlsSettings,
  block: ServerBlock,
): TlsConfiguration {
  const read = (path: string): string => {
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      throw new CorefileError(block, `tls: cannot read "${path}": ${(error as Error).message}`)
    }
  }
  return {
    cert: read(cert),
    key: read(key),
    ca: ca === undefined ? undefined : read(ca),
    clientAuth,
  }
}
