import { acl } from './acl/acl.ts'
import { any } from './any/any.ts'
import { autopath } from './autopath/autopath.ts'
import { bind } from './bind/bind.ts'
import { bufsize } from './bufsize/bufsize.ts'
import { cache } from './cache/cache.ts'
import { cancel } from './cancel/cancel.ts'
import { chaos } from './chaos/chaos.ts'
import { debug } from './debug/debug.ts'
import { errors } from './errors/errors.ts'
import { file } from './file/file.ts'
import { forward } from './forward/forward.ts'
import { header } from './header/header.ts'
import { health } from './health/health.ts'
import { hosts } from './hosts/hosts.ts'
import { k8sExternal } from './k8s_external/k8s_external.ts'
import { kubernetes } from './kubernetes/kubernetes.ts'
import { loadbalance } from './loadbalance/loadbalance.ts'
import { local } from './local/local.ts'
import { log } from './log/log.ts'
import { loop } from './loop/loop.ts'
import { metadata } from './metadata/metadata.ts'
import { minimal } from './minimal/minimal.ts'
import { multisocket } from './multisocket/multisocket.ts'
import { nsid } from './nsid/nsid.ts'
import type { AnyPlugin } from './plugin.ts'
import { pprof } from './pprof/pprof.ts'
import { prometheus } from './prometheus/prometheus.ts'
import { ready } from './ready/ready.ts'
import { reload } from './reload/reload.ts'
import { rewrite } from './rewrite/rewrite.ts'
import { template } from './template/template.ts'
import { timeouts } from './timeouts/timeouts.ts'
import { tls } from './tls/tls.ts'
import { transfer } from './transfer/transfer.ts'
import { view } from './view/view.ts'
import { whoami } from './whoami/whoami.ts'

/**
 * All plugins, in the order in which a query passes them, whatever their order in the Corefile is: CoreDNS's order.
 * A new plugin is its folder and its line here.
 */
export const chainOrder: readonly AnyPlugin[] = [
  metadata,
  cancel,
  timeouts,
  multisocket,
  reload,
  nsid,
  bufsize,
  bind,
  debug,
  ready,
  health,
  pprof,
  prometheus,
  errors,
  log,
  local,
  any,
  chaos,
  loadbalance,
  rewrite,
  autopath,
  acl,
  cache,
  header,
  tls,
  minimal,
  template,
  transfer,
  hosts,
  k8sExternal,
  kubernetes,
  file,
  loop,
  forward,
  whoami,
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
