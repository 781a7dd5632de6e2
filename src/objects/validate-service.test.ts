import t from 'tap'
import {
  checkValidation,
  serviceYaml as service,
  type ValidationCase,
} from '../../test/support/validation-cases.ts'
import { validateService } from './validate-service.ts'

const oneHttp = '{ports: [{port: 80}]}'

const metadata: readonly ValidationCase[] = [
  { name: 'the smallest Service', object: service(oneHttp) },
  {
    name: 'a digit first (RelaxedServiceNameValidation)',
    object: service(oneHttp, '{name: 3scale}'),
  },
  {
    name: 'no name',
    object: service(oneHttp, '{}'),
    problems: ['metadata.name: Required value: name or generateName is required'],
  },
  {
    name: 'only generateName',
    object: service(oneHttp, '{generateName: web-}'),
    problems: [
      'metadata.name: Required value: generateName has no meaning in a folder of manifests',
    ],
  },
  {
    name: 'capitals',
    object: service(oneHttp, '{name: Web}'),
    problems: ['metadata.name: Invalid value: "Web": a lowercase RFC 1123 label must consist of…'],
  },
  {
    name: 'a dot',
    object: service(oneHttp, '{name: web.v1}'),
    problems: ['metadata.name: Invalid value: "web.v1": must not contain dots'],
  },
  {
    name: '64 bytes',
    object: service(oneHttp, `{name: ${'a'.repeat(64)}}`),
    problems: [`metadata.name: Invalid value: "${'a'.repeat(64)}": must be no more than 63 bytes`],
  },
  {
    name: 'a bad namespace',
    object: service(oneHttp, '{name: web, namespace: my_ns}'),
    problems: ['metadata.namespace: Invalid value: "my_ns": a lowercase RFC 1123 label…'],
  },
  {
    name: 'a number for a name',
    object: service(oneHttp, '{name: 8080}'),
    problems: [
      'metadata.name: expected a string, got 8080',
      'metadata.name: Required value: name or generateName is required',
    ],
  },
  {
    name: 'labels: a value that is no string, a bad key, a bad value',
    object: service(oneHttp, '{name: web, labels: {a: true, "b!": c, d: "-e", f: null}}'),
    problems: [
      'metadata.labels[a]: expected a string, got true',
      'metadata.labels: Invalid value: "b!": name part must consist of alphanumeric characters…',
      'metadata.labels: Invalid value: "-e": a valid label must be an empty string or…',
    ],
  },
  {
    name: 'labels that are a list',
    object: service(oneHttp, '{name: web, labels: [a]}'),
    problems: ['metadata.labels: expected an object, got ["a"]'],
  },
]

const types: readonly ValidationCase[] = [
  {
    name: 'an unknown type',
    object: service('{type: Foo, ports: [{port: 80}]}'),
    problems: [
      'spec.type: Unsupported value: "Foo": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    ],
  },
  { name: 'ExternalName', object: service('{type: ExternalName, externalName: example.com.}') },
  {
    name: 'ExternalName without the name',
    object: service('{type: ExternalName}'),
    problems: ['spec.externalName: Required value'],
  },
  {
    name: 'ExternalName with a name that is none',
    object: service('{type: ExternalName, externalName: "http://x"}'),
    problems: ['spec.externalName: Invalid value: "http://x": a lowercase RFC 1123 subdomain…'],
  },
  {
    name: 'ExternalName with addresses',
    object: service(
      '{type: ExternalName, externalName: x, clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1], ipFamilies: [IPv4], ipFamilyPolicy: SingleStack}',
    ),
    problems: ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'].map(
      field => `spec.${field}: Forbidden: may not be set for ExternalName services`,
    ),
  },
  {
    name: 'NodePort without a cluster address',
    object: service('{type: NodePort, clusterIP: None, ports: [{port: 80}]}'),
    problems: [
      `spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for NodePort services`,
    ],
  },
]

const addresses: readonly ValidationCase[] = [
  {
    name: 'bad cluster addresses',
    object: service('{clusterIPs: [10.0.0.01, "::ffff:1.2.3.4", "", x], ports: [{port: 80}]}'),
    problems: [
      'spec.clusterIPs[0]: Invalid value: "10.0.0.01": must not have leading 0s',
      'spec.clusterIPs[1]: Invalid value: "::ffff:1.2.3.4": must not be an IPv4-mapped IPv6 address',
      'spec.clusterIPs[2]: Invalid value: "": must be a valid IP address…',
      'spec.clusterIPs[3]: Invalid value: "x": must be a valid IP address…',
    ],
  },
  {
    name: 'cluster addresses that are no strings',
    object: service('{clusterIP: 5, clusterIPs: [1], ports: [{port: 80}]}'),
    // Each is read in two places.
    problems: [
      'spec.clusterIP: expected a string, got 5',
      'spec.clusterIPs[0]: expected a string, got 1',
    ],
  },
  {
    name: 'a bad cluster address',
    object: service('{clusterIP: none, ports: [{port: 80}]}'),
    problems: ['spec.clusterIP: Invalid value: "none": must be a valid IP address…'],
  },
  {
    name: 'other spellings of IPv6',
    object: service('{clusterIP: "FD00:0::1", ports: [{port: 80}]}'),
  },
  {
    name: 'families',
    object: service('{ipFamilies: [IPv4, IPv4, ipv6], ipFamilyPolicy: Dual, ports: [{port: 80}]}'),
    problems: [
      'spec.ipFamilies[1]: Duplicate value: "IPv4"',
      'spec.ipFamilies[2]: Unsupported value: "ipv6": supported values: "IPv4", "IPv6"',
      'spec.ipFamilyPolicy: Unsupported value: "Dual": supported values: "PreferDualStack", "RequireDualStack", "SingleStack"',
    ],
  },
  {
    name: 'external addresses',
    object: service('{externalIPs: [192.0.2.1, 127.0.0.1, x], ports: [{port: 80}]}'),
    problems: [
      'spec.externalIPs[1]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      'spec.externalIPs[2]: Invalid value: "x": must be a valid IP address…',
    ],
  },
]

const policies: readonly ValidationCase[] = [
  {
    name: 'session affinity',
    object: service('{sessionAffinity: Cookie, ports: [{port: 80}]}'),
    problems: [
      'spec.sessionAffinity: Unsupported value: "Cookie": supported values: "ClientIP", "None"',
    ],
  },
  {
    name: 'session affinity with its settings',
    object: service(
      '{sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 10}}, ports: [{port: 80}]}',
    ),
  },
  {
    name: 'affinity settings without affinity',
    object: service(
      '{sessionAffinityConfig: {clientIP: {timeoutSeconds: 0}}, ports: [{port: 80}]}',
    ),
    problems: [
      'spec.sessionAffinityConfig: Forbidden: must not be set when session affinity is None',
      'spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 0: must be greater than 0 and less than 86400',
    ],
  },
  {
    name: 'externalTrafficPolicy where nothing comes from outside',
    object: service('{externalTrafficPolicy: Local, ports: [{port: 80}]}'),
    problems: [
      'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services',
    ],
  },
  {
    name: 'externalTrafficPolicy with external addresses',
    object: service(
      '{externalTrafficPolicy: Local, externalIPs: [192.0.2.1], ports: [{port: 80}]}',
    ),
  },
  {
    name: 'a health check port',
    object: service(
      '{type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 70000, allocateLoadBalancerNodePorts: false, ports: [{port: 80}]}',
    ),
    problems: [
      'spec.healthCheckNodePort: Invalid value: 70000: must be between 1 and 65535, inclusive',
    ],
  },
  {
    name: 'what only a LoadBalancer has',
    object: service(
      '{healthCheckNodePort: 30000, allocateLoadBalancerNodePorts: true, ports: [{port: 80}]}',
    ),
    problems: [
      "spec.healthCheckNodePort: Invalid value: 30000: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
      "spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when `type` is 'LoadBalancer'",
    ],
  },
  {
    name: 'wrong types',
    object: service('{publishNotReadyAddresses: "yes", selector: {a: 1}, ports: [{port: 80}]}'),
    problems: [
      'spec.selector[a]: expected a string, got 1',
      'spec.publishNotReadyAddresses: expected true or false, got "yes"',
    ],
  },
  {
    name: 'misspelt fields are warnings',
    object: service('{selectors: {a: b}, ports: [{port: 80, targetport: 8080}]}'),
    problems: [
      'warning: spec.selectors: unknown field, ignored',
      'warning: spec.ports[0].targetport: unknown field, ignored',
    ],
  },
  {
    name: 'no spec',
    object: '{metadata: {name: web}}',
    problems: ['spec.ports: Required value'],
  },
  {
    name: 'a spec that is none, and names of JavaScript',
    object: '{metadata: {name: constructor}, spec: [1]}',
    problems: ['spec: expected an object, got [1]', 'spec.ports: Required value'],
  },
]

const tables = { metadata, types, addresses, policies }

for (const [name, cases] of Object.entries(tables)) {
  t.test(`validateService() speaks like the API server of ${name}`, async t =>
    checkValidation(t, validateService, cases),
  )
}
