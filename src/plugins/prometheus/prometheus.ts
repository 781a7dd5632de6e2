import { type ListenAddress, hostPort } from '../../corefile/address-arguments.ts'
import type { Plugin } from '../plugin.ts'
import { ZoneCounters } from '../zone-counters.ts'

/** Where metrics are served, which the control thread does. */
export type PrometheusSettings = ListenAddress

const usual: PrometheusSettings = { host: 'localhost', port: 9153 }

/** Counts the queries of its block. */
export const prometheus: Plugin<PrometheusSettings> = {
  name: 'prometheus',
  read(directive) {
    const address = directive.optional(hostPort(usual.port)) ?? usual
    directive.block({
      // Those of Node are always there.
      runtime_metrics: () => {},
      tls: line => {
        throw line.fail('metrics over TLS are not supported')
      },
    })
    return address
  },
  serve(_settings, { block, metrics }) {
    const { server, view } = block
    const zones = new Map(
      block.zones.map(zone => [zone, new ZoneCounters(metrics, { server, zone, view })]),
    )
    return {
      handle: (query, next) => next(query),
      leavesClusterAnswers: true,
      observe: exchange => zones.get(exchange.zone)?.count(exchange),
    }
  },
}
