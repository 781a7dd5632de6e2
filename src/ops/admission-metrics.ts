import { secondsBuckets } from './buckets.ts'
import { counter, gauge, histogram, type MetricDescription } from './metric-description.ts'

/** What `signpost webhook serve` counts. */
export const admissionMetrics: readonly MetricDescription[] = [
  counter(
    'signpost_admission_requests_total',
    'webhook operation code',
    'Requests to the webhooks, by the status they were answered with.',
  ),
  histogram(
    'signpost_admission_request_duration_seconds',
    { labels: 'webhook', buckets: secondsBuckets },
    'Time from the headers of a request to its answer.',
  ),
  counter('signpost_admission_decisions_total', 'webhook outcome', 'Reviews, by what was decided.'),
  gauge('signpost_admission_in_flight_requests', '', 'Requests under way.'),
  gauge(
    'signpost_admission_claims',
    '',
    'Addresses that were answered and that no Service has shown yet.',
  ),
  gauge(
    'signpost_clusterip_band_addresses',
    'cidr band',
    'Addresses that a band has for Services.',
  ),
  gauge(
    'signpost_clusterip_band_used_addresses',
    'cidr band',
    'Addresses of a band that Services have.',
  ),
  gauge(
    'signpost_admission_certificate_expiry_timestamp_seconds',
    'certificate',
    'When a certificate of the webhooks ends, Unix time.',
  ),
]
