import { acl } from './acl/acl.ts'
import { bind } from './bind/bind.ts'
import { errors } from './errors/errors.ts'
import { health } from './health/health.ts'
import { hosts } from './hosts/hosts.ts'
import { kubernetes } from './kubernetes/kubernetes.ts'
import { log } from './log/log.ts'
import { metadata } from './metadata/metadata.ts'
import { multisocket } from './multisocket/multisocket.ts'
import type { AnyPlugin } from './plugin.ts'
import { pprof } from './pprof/pprof.ts'
import { prometheus } from './prometheus/prometheus.ts'
import { ready } from './ready/ready.ts'
import { reload } from './reload/reload.ts'
import { rewrite } from './rewrite/rewrite.ts'
import { template } from './template/template.ts'
import { timeouts } from './timeouts/timeouts.ts'
import { tls } from './tls/tls.ts'
import { view } from './view/view.ts'

/**
 * All plugins, in the order in which a query passes them, whatever their order in the Corefile is: CoreDNS's order.
 * A new plugin is its folder and its line here.
 */
export const chainOrder: readonly AnyPlugin[] = [
  metadata,
  timeouts,
  multisocket,
  reload,
  bind,
  ready,
  health,
  pprof,
  prometheus,
  errors,
  log,
  rewrite,
  acl,
  tls,
  template,
  hosts,
  kubernetes,
  view,
]

/** Plugins of CoreDNS 1.14.7 that Signpost does not have. */
export const knownElsewhere: ReadonlySet<string> = new Set([
  'root',
  'geoip',
  'proxyproto',
  'quic',
  'grpc_server',
  'https',
  'https3',
  'trace',
  'shed',
  'dnstap',
  'dns64',
  'tsig',
  'dnssec',
  'auto',
  'azure',
  'clouddns',
  'etcd',
  'erratic',
  'grpc',
  'nomad',
  'on',
  'route53',
  'secondary',
  'sign',
])
