/** Corefiles that cannot be served, and what is said of each. */
import t from 'tap'
import { planServing } from '../../src/app/serving-plan.ts'
import { parseFiles } from '../support/corefile-files.ts'

const cases: readonly (readonly [corefile: string, message: string | RegExp])[] = [
  ['', 'Corefile:1: expected a server block like ". { … }"'],
  ['. {', 'Corefile:1: expected "}" before the end of the file: the block of line 1 is open'],
  ['. {\n}\n}', 'Corefile:3: unexpected "}": no block is open'],
  [
    '. {\n  errors',
    'Corefile:2: expected "}" before the end of the file: the block of line 1 is open',
  ],
  [
    'example.org {\n  cache\n}\nexample.org {\n  errors\n}',
    'Corefile:4: cannot serve dns://example.org.:53 - it is already defined in Corefile:1',
  ],
  [
    '.:53, .:53 {\n  errors\n}',
    'Corefile:1: cannot serve dns://.:53 - it is already defined in Corefile:1',
  ],
  ['.:99999 {\n}', 'Corefile:1: ".:99999": expected a port from 0 to 65535, not "99999"'],
  [
    'foo://. {\n}',
    'Corefile:1: "foo://.": unknown scheme foo: known are dns, tls, https, https3, quic, grpc',
  ],
  ['grpc://. {\n}', 'Corefile:1: cannot serve grpc://.: known are the schemes dns, tls'],
  ['https://. {\n}', 'Corefile:1: cannot serve https://.: known are the schemes dns, tls'],
  ['tls://. {\n}', 'Corefile:1: cannot serve tls://.: expected the directive tls CERT KEY'],
  [
    'tls://. {\n  tls missing.pem missing.key\n}',
    'Corefile:1: tls: cannot read "missing.pem": ENOENT: no such file or directory, open \'missing.pem\'',
  ],
  ['10.0.0.0/33 {\n}', 'Corefile:1: "10.0.0.0/33": expected a zone or a CIDR, not "10.0.0.0/33"'],
  [
    '. {\n  import missing.conf\n}',
    'Corefile:2: cannot import "missing.conf": no file that can be read, and no snippet of that name above',
  ],
  ['(a) {\n  import a\n}\n. {\n  import a\n}', 'Corefile:2: import cycle: (a) → (a)'],
  ['. {\n  bogus\n}', /^Corefile:2: Unknown directive 'bogus': known are acl, any, /],
  ['. {\n  dnssec\n}', 'Corefile:2: dnssec is a plugin of CoreDNS that Signpost does not support'],
  ['. {\n  proxy . 8.8.8.8\n}', /^Corefile:2: Unknown directive 'proxy': known are acl, any, /],
  ['. {\n  cache\n  cache 30\n}', 'Corefile:3: cache may stand only once in a server block'],
  [
    '. {\n  kubernetes in-addr.arpa\n}',
    'Corefile:2: kubernetes: non-reverse zone name must be used: expected a zone like cluster.local',
  ],
  [
    '. {\n  autopath @kubernetes\n  kubernetes cluster.local\n}',
    'Corefile:2: autopath: @kubernetes needs "pods verified" in the kubernetes of the same server block, which has "pods disabled": nobody else knows which pod asks',
  ],
  [
    '. {\n  kubernetes cluster.local {\n    pods all\n  }\n}',
    'Corefile:3: kubernetes pods: expected one of disabled, insecure, verified, not "all"',
  ],
  [
    '. {\n  kubernetes cluster.local {\n    ttl 3601\n  }\n}',
    'Corefile:3: kubernetes ttl: expected a whole number from 0 to 3600, not "3601"',
  ],
  [
    '. {\n  kubernetes cluster.local {\n    resyncperiod 5m\n  }\n}',
    'Corefile:3: resyncperiod is not a property of kubernetes: known are apiserver_burst, apiserver_max_inflight, apiserver_qps, endpoint, endpoint_pod_names, fallthrough, ignore, kubeconfig, labels, multicluster, namespace_labels, namespaces, noendpoints, pods, startup_timeout, tls, ttl, zonal',
  ],
  [
    '. {\n  kubernetes cluster.local {\n    namespaces a\n    namespace_labels b\n  }\n}',
    'Corefile:2: kubernetes: namespaces and namespace_labels cannot both be set',
  ],
  [
    '. {\n  kubernetes cluster.local {\n    labels a in b\n  }\n}',
    "Corefile:3: kubernetes labels: \"a in b\" is no label selector: unable to parse requirement: found 'b', expected: '('",
  ],
  [
    '. {\n  kubernetes cluster.local {\n    multicluster clusterset.local\n  }\n}',
    'Corefile:3: kubernetes multicluster: multicluster services (ServiceImport) are not supported',
  ],
  [
    '. {\n  kubernetes cluster.local {\n    zonal\n    noendpoints\n  }\n}',
    'Corefile:2: kubernetes: zonal and noendpoints cannot both be set',
  ],
  [
    'a. {\n  kubernetes a {\n    ttl 1\n  }\n}\nb. {\n  kubernetes a {\n    ttl 2\n  }\n}',
    'Corefile:6: kubernetes: another server block has other settings: expected the same in all of them',
  ],
  [
    '. {\n  cache {\n    succes 100\n  }\n}',
    'Corefile:3: succes is not a property of cache: known are denial, disable, keepttl, prefetch, serve_stale, serve_stale_policy, servfail, success',
  ],
  [
    '. {\n  cache 30 {\n    prefetch\n  }\n}',
    'Corefile:3: cache prefetch: expected a whole number from 0 to 9007199254740991 at the end of the line',
  ],
  [
    '. {\n  forward .\n}',
    'Corefile:2: forward: expected an IP address, dns:// or tls:// with one, or a file like /etc/resolv.conf at the end of the line',
  ],
  [
    '. {\n  forward . not-an-address\n}',
    'Corefile:2: forward: expected an IP address, dns:// or tls:// with one, or a file like /etc/resolv.conf, not "not-an-address": host names of upstreams are not supported, nor is a resolver for them',
  ],
  [
    '. {\n  forward . 8.8.8.8 {\n    policy fastest\n  }\n}',
    'Corefile:3: forward policy: expected one of random, round_robin, sequential, not "fastest"',
  ],
  [
    '. {\n  forward . 8.8.8.8 {\n    health_check often\n  }\n}',
    'Corefile:3: forward health_check: expected a duration like 30s, not "often"',
  ],
  [
    '. {\n  forward . https://dns.example/dns-query\n}',
    'Corefile:2: forward: expected an IP address, dns:// or tls:// with one, or a file like /etc/resolv.conf, not "https://dns.example/dns-query": DNS over HTTPS upstreams are not supported: use tls:// or a plain address',
  ],
  [
    '. {\n  health :http\n}',
    'Corefile:2: health: expected an address like :8080 or 127.0.0.1:8080, not ":http"',
  ],
  [
    '. {\n  health {\n    lameduck\n  }\n}',
    'Corefile:3: health lameduck: expected a duration like 30s at the end of the line',
  ],
  ['. {\n  ready :8181 extra\n}', 'Corefile:2: ready: too many arguments: "extra"'],
  ['. {\n  reload 1s\n}', 'Corefile:2: reload: the interval must be at least 2s'],
  [
    '. {\n  log {\n    class everything\n  }\n}',
    'Corefile:3: log class: expected one of success, denial, error, all, not "everything"',
  ],
  [
    '. {\n  rewrite name regex (unclosed b\n}',
    'Corefile:2: rewrite: expected a regular expression, not "(unclosed": a ")" is missing',
  ],
  [
    '. {\n  template IN A {\n    answer "{{ .Bogus }} 60 IN A 192.0.2.1"\n  }\n}',
    'Corefile:3: template answer: expected a record, with {{ }} where it depends on the query, not "{{ .Bogus }} 60 IN A 192.0.2.1": .Bogus is not known: known are .Zone, .Name, .Regex, .Match, .Group, .Class, .Type, .Message, .Question, .Remote, .Meta',
  ],
  [
    '. {\n  hosts {\n    192.0.2.999 host\n  }\n}',
    'Corefile:2: hosts: 192.0.2.999 is not a property of hosts: known are fallthrough, fallthrough_unsupported, no_reverse, reload, ttl, and lines of a hosts file',
  ],
  [
    '. {\n  bufsize 100\n}',
    'Corefile:2: bufsize: expected a whole number from 512 to 4096, not "100"',
  ],
  [
    '. {\n  bind nowhere0\n}',
    /^Corefile:1: bind: expected an address or an interface \(.*lo.*\), not "nowhere0"$/,
  ],
  [
    '. {\n  loadbalance random\n}',
    'Corefile:2: loadbalance: expected one of round_robin, weighted, not "random"',
  ],
  [
    '. {\n  acl {\n    allow net 10.0.0.0/99\n  }\n}',
    'Corefile:3: acl allow: expected an address, a network like 10.0.0.0/8, or *, not "10.0.0.0/99"',
  ],
  [
    '. {\n  errors {\n    consolidate 5m "("\n  }\n}',
    'Corefile:3: errors consolidate: expected a regular expression, not "(": a ")" is missing',
  ],
  [
    '. {\n  prometheus localhost\n  prometheus :9153 extra\n}',
    'Corefile:3: prometheus may stand only once in a server block',
  ],
]

t.test('a Corefile that cannot be served says why, with file and line', async t => {
  for (const [corefile, message] of cases) {
    t.throws(() => planServing(parseFiles({ Corefile: corefile })), { message }, corefile)
  }
})
