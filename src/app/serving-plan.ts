import { networkInterfaces } from 'node:os'
import { CorefileError } from '../corefile/corefile-error.ts'
import type { Corefile, ServerBlock, ServerKey } from '../corefile/corefile.ts'
import type { HostPort } from '../lib/host-port.ts'
import { ReadBlock } from '../plugins/build-chain.ts'
import { chainOrder } from '../plugins/chain-order.ts'
import { bindAddresses, type BoundAddress } from '../plugins/bind/bind-addresses.ts'
import { bind } from '../plugins/bind/bind.ts'
import {
  type KubernetesSettings,
  kubernetesSettingsOf,
} from '../plugins/kubernetes/kubernetes-settings.ts'
import { kubernetes } from '../plugins/kubernetes/kubernetes.ts'
import { autopath } from '../plugins/autopath/autopath.ts'
import { type ExternalSettings, k8sExternal } from '../plugins/k8s_external/k8s_external.ts'
import { metadata } from '../plugins/metadata/metadata.ts'
import type { Plugin } from '../plugins/plugin.ts'
import { tls } from '../plugins/tls/tls.ts'
import type { Binding } from '../server/binding.ts'
import type { BlockConfiguration, ListenerConfiguration } from '../server/serving-protocol.ts'
import type { ClientDetail } from '../zone/client-table.ts'
import { planListeners } from './listener-plan.ts'

/** What a Corefile may name, in the order of the chain. */
export const pluginNames: readonly string[] = chainOrder.map(({ name }) => name)

/** What a Corefile amounts to, checked by every plugin. Nothing has been opened for it but certificates. */
export interface ServingPlan {
  readonly blocks: readonly PlannedConfiguration[]
  readonly listeners: readonly ListenerConfiguration[]
  readonly cluster: ClusterPlan
  /** The settings of a plugin in all blocks, in the order of the Corefile. */
  settingsOf<Settings>(plugin: Plugin<Settings>): readonly Settings[]
}

/** What is answered of the cluster. Plain data; fallthrough and the way to the API server are not part of it. */
export interface ClusterPlan {
  /** What all `kubernetes` directives say; they say the same. `undefined` when there is none. */
  readonly kubernetes: KubernetesSettings | undefined
  readonly external: readonly ExternalSettings[]
  /** What plugins want to know of the pod that asks. */
  readonly clients: ClientDetail | 'nothing'
}

export interface PlanOptions {
  /** Serve here, whatever port a block of scheme `dns` asks for. */
  readonly listen?: readonly HostPort[]
}

/** Schemes that are answered; the others are CoreDNS's too. */
const served: ReadonlySet<ServerKey['scheme']> = new Set(['dns', 'tls'])

/** What serving threads get, with what metrics say of it. */
interface PlannedConfiguration extends BlockConfiguration {
  /** The name of the view that the block is; empty when it is none. */
  readonly view: string
}

/** A server block on one port. */
export interface PlannedBlock {
  readonly block: ServerBlock
  readonly read: ReadBlock
  readonly configuration: PlannedConfiguration
  readonly bindings: readonly Binding[]
}

/** Throws a CorefileError for whatever cannot be served. */
export function planServing(corefile: Corefile, { listen }: PlanOptions = {}): ServingPlan {
  if (corefile.blocks.length === 0) {
    const [file = 'Corefile'] = corefile.files
    throw new CorefileError({ file, line: 1 }, 'expected a server block like ". { … }"')
  }
  const planned = corefile.blocks.flatMap(block => planBlock(block, listen))
  const byBlock = new Map(planned.map(({ block, read }) => [block, read]))
  const settingsOf: ServingPlan['settingsOf'] = plugin =>
    [...byBlock.values()].flatMap(read => read.settingsOf(plugin))
  return {
    blocks: planned.map(({ configuration }) => configuration),
    listeners: planListeners(planned),
    cluster: {
      kubernetes: kubernetesSettingsOf(
        planned.map(({ read, block }) => ({ place: block, settings: read.settingsOf(kubernetes) })),
      ),
      external: settingsOf(k8sExternal).map(settings => ({ ...settings, fallthrough: [] })),
      clients: clientDetailOf(planned.map(({ read }) => read)),
    },
    settingsOf,
  }
}

/** Metadata tells all there is of a client, and only `pods verified` knows clients. */
function clientDetailOf(blocks: readonly ReadBlock[]): ClusterPlan['clients'] {
  const tellsClients = blocks.some(
    block =>
      block.settingsOf(metadata).length > 0 &&
      block.settingsOf(kubernetes).some(({ pods }) => pods === 'verified'),
  )
  if (tellsClients) return 'labels'
  return blocks.some(block => block.settingsOf(autopath).length > 0) ? 'name' : 'nothing'
}

/** One for every scheme and port among the keys of a block. */
function planBlock(block: ServerBlock, listen: readonly HostPort[] | undefined): PlannedBlock[] {
  const groups = Map.groupBy(block.keys, ({ scheme, port }) => `${scheme}://:${port}`)
  return Array.from(groups, ([server, keys]) => {
    const { scheme, port, text } = keys[0]!
    if (scheme !== 'dns' && scheme !== 'tls') {
      throw new CorefileError(
        block,
        `cannot serve ${text}: known are the schemes ${[...served].join(', ')}`,
      )
    }
    const zones = keys.map(({ zone }) => zone)
    const read = new ReadBlock(block.directives, { zones, port })
    if (scheme === 'tls' && read.settingsOf(tls).length === 0) {
      throw new CorefileError(block, `cannot serve ${text}: expected the directive tls CERT KEY`)
    }
    const addresses = boundAddresses(block, read)
    const bindings = (
      scheme === 'dns' && listen && !addresses
        ? listen
        : (addresses ?? [{ address: '*', family: 'IPv4' as const }]).map(address => ({
            ...address,
            port,
          }))
    ).map((address): Binding => ({ ...address, scheme }))
    return {
      block,
      read,
      configuration: { zones, port, server, view: read.view, directives: block.directives },
      bindings,
    }
  })
}

/** `undefined` without `bind`. */
function boundAddresses(block: ServerBlock, read: ReadBlock): readonly BoundAddress[] | undefined {
  const settings = read.settingsOf(bind)
  if (settings.length === 0) return undefined
  const interfaces = networkInterfaces()
  const { addresses, unknown } = bindAddresses(settings, interfaces)
  if (unknown.length === 0) return addresses
  const known = Object.keys(interfaces).join(', ')
  throw new CorefileError(
    block,
    `bind: expected an address or an interface (${known}), not ${unknown.map(word => JSON.stringify(word)).join(', ')}`,
  )
}
