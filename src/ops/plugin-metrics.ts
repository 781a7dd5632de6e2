import { secondsBuckets } from './buckets.ts'
import { counter, gauge, histogram, type MetricDescription } from './metric-description.ts'

const block = 'server zone view'
const zones = 'server zones view'

/** What single plugins count. */
export const pluginMetrics: readonly MetricDescription[] = [
  counter('coredns_acl_allowed_requests_total', 'server view', 'Queries that passed the rules.'),
  counter('coredns_acl_blocked_requests_total', block, 'Queries that were refused.'),
  counter('coredns_acl_dropped_requests_total', block, 'Queries that were left unanswered.'),
  counter('coredns_acl_filtered_requests_total', block, 'Queries that got an empty answer.'),

  counter('coredns_autopath_success_total', 'server', 'Queries saved by answering ahead.'),

  gauge('coredns_cache_entries', `server type zones view`, 'Answers in the cache.'),
  counter('coredns_cache_requests_total', zones, 'Questions that came to the cache.'),
  counter('coredns_cache_hits_total', `server type zones view`, 'Answers from the cache.'),
  counter('coredns_cache_misses_total', zones, 'Questions that the cache could not answer.'),
  counter(
    'coredns_cache_evictions_total',
    `server type zones view`,
    'Answers pushed out by others.',
  ),
  counter('coredns_cache_prefetch_total', zones, 'Answers fetched again before they expired.'),
  counter('coredns_cache_drops_total', zones, 'Answers not kept: they are for another question.'),
  counter(
    'coredns_cache_served_stale_total',
    zones,
    'Expired answers given for want of fresh ones.',
  ),

  counter(
    'coredns_dns64_requests_translated_total',
    'server',
    'Replies with made-up AAAA records.',
  ),

  counter('signpost_errors_unlogged_total', '', 'Errors without a line: too many alike at once.'),

  counter('coredns_forward_healthcheck_broken_total', '', 'Queries while every upstream was down.'),
  counter(
    'coredns_forward_max_concurrent_rejects_total',
    '',
    'Queries refused because too many were under way.',
  ),
  counter('coredns_forward_requests_total', 'to', 'Queries to each upstream.'),
  counter('coredns_forward_responses_total', 'to rcode', 'Replies of each upstream.'),
  histogram(
    'coredns_forward_request_duration_seconds',
    { labels: 'to rcode', buckets: secondsBuckets },
    'Time that each upstream took.',
  ),
  counter('coredns_forward_healthcheck_failures_total', 'to', 'Failed probes of each upstream.'),
  histogram(
    'coredns_proxy_request_duration_seconds',
    { labels: 'proxy_name to rcode', buckets: secondsBuckets },
    'Time that each upstream took.',
  ),
  counter(
    'coredns_proxy_healthcheck_failures_total',
    'proxy_name to',
    'Failed probes of each upstream.',
  ),
  counter(
    'coredns_proxy_conn_cache_hits_total',
    'proxy_name to proto',
    'Queries to an upstream over a socket that was open.',
  ),
  counter(
    'coredns_proxy_conn_cache_misses_total',
    'proxy_name to proto',
    'Queries to an upstream that needed a new socket.',
  ),

  gauge('coredns_hosts_entries', 'hostsfile', 'Lines of hosts files and inline hosts.'),
  gauge(
    'coredns_hosts_reload_timestamp_seconds',
    '',
    'When hosts files were last read, Unix time.',
  ),

  counter('coredns_local_localhost_requests_total', '', 'Queries for localhost below a domain.'),

  counter(
    'coredns_template_matches_total',
    `${block} class type`,
    'Queries that a template is for.',
  ),
  counter(
    'coredns_template_template_failures_total',
    `${block} class type section template`,
    'Templates that could not be filled in.',
  ),
  counter(
    'coredns_template_rr_failures_total',
    `${block} class type section template`,
    'Templates that gave no valid record.',
  ),
]
