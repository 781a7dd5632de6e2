import t from 'tap'
import { directiveText } from '../../../test/support/corefile-files.ts'
import { Directive } from '../../corefile/directive.ts'
import type { ForwardSettings, TransportSettings } from './forward-settings.ts'
import { readForward } from './read-forward.ts'

type Expected = Partial<Omit<ForwardSettings, 'transport'>> & {
  readonly transport?: Partial<TransportSettings>
}

function read(text: string): ForwardSettings {
  return readForward(new Directive(directiveText(text)))
}

const options: readonly [option: string, expected: Expected][] = [
  [
    '',
    {
      from: ['.'],
      policy: 'random',
      maxConcurrent: 0,
      transport: { maxFails: 2, isCaseRandom: false },
    },
  ],
  ['except Example.org 10.0.0.0/8', { except: ['example.org.', '10.in-addr.arpa.'] }],
  ['force_tcp', { transport: { forceTcp: true } }],
  ['prefer_udp', { transport: { forceTcp: false } }],
  ['randomise_case', { transport: { isCaseRandom: true } }],
  ['expire 5s', { transport: { expireMs: 5000 } }],
  ['max_age 1m', { transport: { maxAgeMs: 60_000 } }],
  ['max_idle_conns 3', { transport: { maxIdleConns: 3 } }],
  ['read_timeout 500ms', { transport: { readTimeoutMs: 500 } }],
  ['max_fails 0', { transport: { maxFails: 0 } }],
  ['max_connect_attempts 0', { maxConnectAttempts: 0 }],
  ['policy sequential', { policy: 'sequential' }],
  [
    'health_check 2s no_rec domain Example.org',
    {
      transport: {
        healthCheck: { intervalMs: 2000, recursionDesired: false, domain: 'example.org.' },
      },
    },
  ],
  ['max_concurrent 1000', { maxConcurrent: 1000 }],
  ['next NXDOMAIN servfail', { nextRcodes: [3, 2] }],
  ['next_on_nodata', { nextOnNodata: true }],
  ['failover REFUSED', { failoverRcodes: [5] }],
  ['failfast_all_unhealthy_upstreams', { failfast: true }],
  ['source_address 10.0.0.1', { transport: { sourceAddress: '10.0.0.1' } }],
  ['tls', { transport: { tls: { cert: undefined, key: undefined, ca: undefined } } }],
]

t.test('readForward() reads options', async t => {
  for (const [option, expected] of options) {
    t.match(read(`forward . 8.8.8.8 {\n${option}\n}`), expected, option)
  }
})

t.test('readForward() gives tls_servername to the upstreams that use TLS', async t => {
  const { targets } = read('forward . tls://9.9.9.9 8.8.8.8 {\n tls_servername dns.quad9.net\n}')
  t.match(targets, [
    { scheme: 'tls', serverName: 'dns.quad9.net' },
    { scheme: 'dns', serverName: undefined },
  ])
})

const wrong: readonly [text: string, error: RegExp][] = [
  ['forward', /expected a zone/],
  ['forward .', /expected an IP address, dns:\/\/ or tls:\/\/ with one, or a file/],
  ['forward . dns.example', /host names of upstreams are not supported/],
  ['forward . https://9.9.9.9', /DNS over HTTPS upstreams are not supported/],
  ['forward . grpc://9.9.9.9', /gRPC upstreams are not supported/],
  [`forward . ${'1.1.1.1 '.repeat(16)}`, /more than 15 upstreams: 16/],
  ['forward . 1.1.1.1 {\n resolver 1.1.1.1\n}', /resolver: host names .* not supported/],
  ['forward . 1.1.1.1 {\n doh_method GET\n}', /doh_method: DNS over HTTPS/],
  ['forward . 1.1.1.1 {\n except\n}', /except: expected a zone/],
  ['forward . 1.1.1.1 {\n force_tcp yes\n}', /too many arguments/],
  ['forward . 1.1.1.1 {\n max_age 1s\n}', /max_age \(1s\) must not be less than expire \(10s\)/],
  ['forward . 1.1.1.1 {\n read_timeout 0s\n}', /must be above 0/],
  ['forward . 1.1.1.1 {\n failover NOERROR\n}', /NOERROR cannot be used/],
  ['forward . 1.1.1.1 {\n next FOO\n}', /expected an rcode like NXDOMAIN/],
  ['forward . 1.1.1.1 {\n policy fastest\n}', /expected one of random, round_robin, sequential/],
  ['forward . 1.1.1.1 {\n source_address eth0\n}', /expected an IP address/],
  ['forward . 1.1.1.1 {\n health_check 1s rec\n}', /expected one of no_rec, domain/],
  ['forward . 1.1.1.1 {\n tls /not/there\n}', /expected a file that can be read/],
  ['forward . 1.1.1.1 {\n upstream\n}', /upstream is not a property of forward/],
  [
    'forward . tls://9.9.9.9%a.example {\n tls_servername b.example\n}',
    /two names for the certificate of 9\.9\.9\.9/,
  ],
]

t.test('readForward() says what is wrong', async t => {
  for (const [text, message] of wrong) {
    t.throws(() => read(text), { name: 'CorefileError', message }, text)
  }
})
