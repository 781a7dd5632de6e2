import type { OpsConfiguration } from '../ops/ops.ts'
import { health } from '../plugins/health/health.ts'
import { prometheus } from '../plugins/prometheus/prometheus.ts'
import { ready } from '../plugins/ready/ready.ts'
import type { ServingPlan } from './serving-plan.ts'

/** Where probes and metrics are served. */
export function opsConfiguration(plan: ServingPlan): OpsConfiguration {
  return {
    health: plan.settingsOf(health),
    ready: plan.settingsOf(ready),
    metrics: plan.settingsOf(prometheus),
  }
}

/** One for each plugin of each zone, as `coredns_plugin_enabled` has them. */
export function enabledPlugins({
  blocks,
}: ServingPlan): { readonly labels: Readonly<Record<string, string>>; readonly value: 1 }[] {
  return blocks.flatMap(({ server, zones, view, directives }) =>
    zones.flatMap(zone =>
      [...new Set(directives.map(({ name }) => name))].map(name => ({
        labels: { server, zone, view, name },
        value: 1 as const,
      })),
    ),
  )
}
