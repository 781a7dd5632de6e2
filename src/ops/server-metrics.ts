import { counter, gauge, histogram, type MetricDescription } from './metric-description.ts'
import {
  programmingBuckets,
  requestBuckets,
  secondsBuckets,
  sizeBuckets,
  slimSecondsBuckets,
} from './buckets.ts'

const block = 'server zone view'

/** What the server counts itself, whatever plugins there are. */
export const serverMetrics: readonly MetricDescription[] = [
  gauge('coredns_build_info', 'version revision goversion', 'Always 1; the labels say what runs.'),
  counter('coredns_panics_total', '', 'Queries that ended in a fault of the program.'),
  gauge('coredns_plugin_enabled', `${block} name`, 'Always 1; the plugins of each zone.'),
  counter('coredns_reload_failed_total', '', 'Changed Corefiles that could not be taken.'),
  gauge('coredns_reload_version_info', 'hash value', 'Always 1; the checksum of the Corefile.'),
  counter(
    'signpost_serving_thread_restarts_total',
    '',
    'Serving threads that died and were started again.',
  ),

  counter('coredns_dns_requests_total', `${block} proto family type`, 'Queries.'),
  counter('coredns_dns_do_requests_total', block, 'Queries with the DO bit.'),
  counter(
    'coredns_dns_responses_total',
    `${block} rcode plugin`,
    'Replies, by the plugin that gave the answer.',
  ),
  histogram(
    'coredns_dns_request_duration_seconds',
    { labels: block, buckets: secondsBuckets },
    'Time from the query to its reply.',
  ),
  histogram(
    'coredns_dns_request_size_bytes',
    { labels: `${block} proto`, buckets: sizeBuckets },
    'Size of the queries.',
  ),
  histogram(
    'coredns_dns_response_size_bytes',
    { labels: `${block} proto`, buckets: sizeBuckets },
    'Size of the replies.',
  ),

  histogram(
    'coredns_health_request_duration_seconds',
    { labels: '', buckets: slimSecondsBuckets },
    'Time that our own request to the health endpoint took.',
  ),
  counter('coredns_health_request_failures_total', '', 'Our own health requests that failed.'),

  histogram(
    'coredns_kubernetes_dns_programming_duration_seconds',
    { labels: 'service_kind', buckets: programmingBuckets },
    'Time from a change of endpoints to the answers that show it.',
  ),
  histogram(
    'coredns_kubernetes_rest_client_request_duration_seconds',
    { labels: 'verb host', buckets: requestBuckets },
    'Time that requests to the API server took.',
  ),
  counter(
    'coredns_kubernetes_rest_client_requests_total',
    'code method host',
    'Requests to the API server.',
  ),

  gauge('signpost_reflector_synced', 'resource', '1 once all objects have been listed.'),
  gauge(
    'signpost_reflector_last_byte_timestamp_seconds',
    'resource',
    'When the API server was last heard of; quiet clusters are quiet for minutes.',
  ),
  counter(
    'signpost_reflector_relists_total',
    'resource reason',
    'Lists of all objects: at the start, for lost history, to verify.',
  ),
  counter('signpost_reflector_reconnects_total', 'resource', 'Watches after the first one.'),
  counter(
    'signpost_reflector_bad_frames_total',
    'resource',
    'Pieces of a watch that could not be understood; it is resumed, none is skipped.',
  ),
  counter('signpost_reflector_apply_errors_total', 'resource', 'Objects that were left out.'),
  counter(
    'signpost_reflector_swept_total',
    'resource',
    'Objects that were found to be gone when all were listed.',
  ),
  counter(
    'signpost_reflector_drift_total',
    'resource',
    'Differences that a verification found and no event had told: anything but 0 is a fault.',
  ),
]
