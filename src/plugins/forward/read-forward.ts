import { readFileSync } from 'node:fs'
import type { Argument } from '../../corefile/argument.ts'
import type { Directive } from '../../corefile/directive.ts'
import { durationMs } from '../../corefile/duration-arguments.ts'
import { count } from '../../corefile/number-arguments.ts'
import { rcode } from '../../corefile/record-arguments.ts'
import { oneOf, text } from '../../corefile/text-arguments.ts'
import { zoneName, zoneNames } from '../../corefile/zone-arguments.ts'
import { Rcode } from '../../dns/rcode.ts'
import { canonicalIp } from '../../lib/ip.ts'
import { renderDuration } from '../../lib/duration.ts'
import type {
  ForwardSettings,
  HealthCheckSettings,
  TlsSettings,
  TransportSettings,
} from './forward-settings.ts'
import { upstreamTarget } from './upstream-address.ts'

/** As CoreDNS. */
const maxTargets = 15

const ipText: Argument<string> = { expected: 'an IP address', parse: canonicalIp }

/** Reads `forward FROM TO… { … }`. */
export function readForward(directive: Directive): ForwardSettings {
  const from = directive.one(zoneNames)
  const given = [directive.one(upstreamTarget), ...directive.rest(upstreamTarget)]
  if (given.length > maxTargets) {
    throw directive.fail(`more than ${maxTargets} upstreams: ${given.length}`)
  }
  let settings = defaults(from)
  let serverName: string | undefined
  const set = (changes: Partial<ForwardSettings>): void => {
    settings = { ...settings, ...changes }
  }
  const setTransport = (changes: Partial<TransportSettings>): void => {
    set({ transport: { ...settings.transport, ...changes } })
  }
  directive.block({
    except: line =>
      set({ except: [...settings.except, ...line.one(zoneNames), ...line.rest(zoneNames).flat()] }),
    force_tcp: () => setTransport({ forceTcp: true }),
    // UDP first and TCP for what is cut is what is done anyway.
    prefer_udp: () => {},
    randomise_case: () => setTransport({ isCaseRandom: true }),
    expire: line => setTransport({ expireMs: line.one(durationMs) }),
    max_age: line => setTransport({ maxAgeMs: line.one(durationMs) }),
    max_idle_conns: line => setTransport({ maxIdleConns: line.one(count) }),
    read_timeout: line => {
      const readTimeoutMs = line.one(durationMs)
      if (readTimeoutMs === 0) throw line.fail('must be above 0')
      setTransport({ readTimeoutMs })
    },
    max_fails: line => setTransport({ maxFails: line.one(count) }),
    max_connect_attempts: line => set({ maxConnectAttempts: line.one(count) }),
    tls: line => setTransport({ tls: readTls(line) }),
    tls_servername: line => {
      serverName = line.one(text)
    },
    policy: line => set({ policy: line.one(oneOf('random', 'round_robin', 'sequential')) }),
    health_check: line => setTransport({ healthCheck: readHealthCheck(line) }),
    max_concurrent: line => set({ maxConcurrent: line.one(count) }),
    next: line =>
      set({ nextRcodes: [...settings.nextRcodes, line.one(rcode), ...line.rest(rcode)] }),
    next_on_nodata: () => set({ nextOnNodata: true }),
    failfast_all_unhealthy_upstreams: () => set({ failfast: true }),
    failover: line => {
      const rcodes = [line.one(rcode), ...line.rest(rcode)]
      if (rcodes.includes(Rcode.noError)) throw line.fail('NOERROR cannot be used')
      set({ failoverRcodes: [...settings.failoverRcodes, ...rcodes] })
    },
    source_address: line => setTransport({ sourceAddress: line.one(ipText) }),
    resolver: line => {
      throw line.fail('host names of upstreams are not supported, nor is a resolver for them')
    },
    doh_method: line => {
      throw line.fail('DNS over HTTPS upstreams are not supported')
    },
  })
  const { expireMs, maxAgeMs } = settings.transport
  if (maxAgeMs > 0 && maxAgeMs < expireMs) {
    const [age, expire] = [renderDuration(maxAgeMs), renderDuration(expireMs)]
    throw directive.fail(`max_age (${age}) must not be less than expire (${expire})`)
  }
  const targets = given.map(target => {
    if ('file' in target || target.scheme !== 'tls' || serverName === undefined) return target
    if (target.serverName !== undefined) {
      throw directive.fail(
        `two names for the certificate of ${target.address}: tls_servername and %${target.serverName}`,
      )
    }
    return { ...target, serverName }
  })
  return { ...settings, targets }
}

function defaults(from: readonly string[]): ForwardSettings {
  return {
    from,
    targets: [],
    except: [],
    policy: 'random',
    maxConcurrent: 0,
    maxConnectAttempts: undefined,
    nextRcodes: [],
    nextOnNodata: false,
    failoverRcodes: [],
    failfast: false,
    transport: {
      forceTcp: false,
      isCaseRandom: false,
      expireMs: 10_000,
      maxAgeMs: 0,
      maxIdleConns: 0,
      readTimeoutMs: undefined,
      maxFails: 2,
      healthCheck: { intervalMs: 500, recursionDesired: true, domain: '.' },
      tls: { cert: undefined, key: undefined, ca: undefined },
      sourceAddress: undefined,
    },
  }
}

/** `health_check DURATION [no_rec] [domain NAME]` */
function readHealthCheck(line: Directive): HealthCheckSettings {
  const intervalMs = line.one(durationMs)
  let recursionDesired = true
  let domain = '.'
  for (;;) {
    const word = line.optional(oneOf('no_rec', 'domain'))
    if (word === undefined) return { intervalMs, recursionDesired, domain }
    if (word === 'no_rec') recursionDesired = false
    else domain = line.one(zoneName)
  }
}

/** `tls`, `tls CA`, `tls CERT KEY` or `tls CERT KEY CA`. */
function readTls(line: Directive): TlsSettings {
  const pem: Argument<string> = {
    expected: 'a file that can be read',
    parse(path) {
      try {
        return readFileSync(path, 'utf8')
      } catch {
        // The caller says which file it is.
        return undefined
      }
    },
  }
  const files = line.rest(pem)
  if (files.length > 3) throw line.fail('expected at most CERT, KEY and CA')
  const [cert, key] = files.length > 1 ? files : []
  return { cert, key, ca: files.length === 2 ? undefined : files.at(-1) }
}
