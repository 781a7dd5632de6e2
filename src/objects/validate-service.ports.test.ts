import t from 'tap'
import {
  checkValidation,
  serviceYaml as service,
  type ValidationCase,
} from '../../test/support/validation-cases.ts'
import { validateService } from './validate-service.ts'

const cases: readonly ValidationCase[] = [
  { name: 'none', object: service('{}'), problems: ['spec.ports: Required value'] },
  {
    name: 'an empty list',
    object: service('{ports: []}'),
    problems: ['spec.ports: Required value'],
  },
  { name: 'none in a headless Service', object: service('{clusterIP: None}') },
  {
    name: 'null lists read as absent',
    object: service('{clusterIP: None, ports: null, selector: null}'),
  },
  {
    name: 'no list',
    object: service('{ports: {port: 80}}'),
    problems: ['spec.ports: expected a list, got {"port":80}'],
  },
  {
    name: 'no object',
    object: service('{ports: [80]}'),
    problems: ['spec.ports[0]: expected an object, got 80'],
  },
  {
    name: 'a number in quotes',
    object: service('{ports: [{port: "80"}]}'),
    problems: ['spec.ports[0].port: expected an integer, got "80"'],
  },
  {
    name: 'a fraction',
    object: service('{ports: [{port: 80.5}]}'),
    problems: ['spec.ports[0].port: expected an integer, got 80.5'],
  },
  {
    name: 'out of range',
    object: service('{ports: [{port: 70000}]}'),
    problems: ['spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive'],
  },
  {
    name: 'no number',
    object: service('{ports: [{name: http}]}'),
    problems: ['spec.ports[0].port: Required value'],
  },
  {
    name: 'two without names',
    object: service('{ports: [{port: 80}, {port: 81}]}'),
    problems: ['spec.ports[0].name: Required value', 'spec.ports[1].name: Required value'],
  },
  {
    name: 'one name twice',
    object: service('{ports: [{name: http, port: 80}, {name: http, port: 81}]}'),
    problems: ['spec.ports[1].name: Duplicate value: "http"'],
  },
  {
    name: 'a name longer than a container port may have',
    object: service('{ports: [{name: a-rather-long-name-of-a-port, port: 80}]}'),
  },
  {
    name: 'a bad name',
    object: service('{ports: [{name: HTTP, port: 80}]}'),
    problems: ['spec.ports[0].name: Invalid value: "HTTP": a lowercase RFC 1123 label…'],
  },
  {
    name: 'one number for two protocols',
    object: service('{ports: [{name: a, port: 53}, {name: b, port: 53, protocol: UDP}]}'),
  },
  {
    name: 'one number twice',
    object: service('{ports: [{name: a, port: 53}, {name: b, port: 53, protocol: TCP}]}'),
    problems: ['spec.ports[1]: Duplicate value: {"port":53,"protocol":"TCP"}'],
  },
  {
    name: 'an unknown protocol',
    object: service('{ports: [{port: 80, protocol: tcp}]}'),
    problems: [
      'spec.ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"',
    ],
  },
  { name: 'a named target', object: service('{ports: [{port: 80, targetPort: http}]}') },
  {
    name: 'bad targets',
    object: service(
      '{ports: [{name: a, port: 1, targetPort: 70000}, {name: b, port: 2, targetPort: "80"}, {name: c, port: 3, targetPort: -x--y}, {name: d, port: 4, targetPort: sixteen-letters-}, {name: e, port: 5, targetPort: A_B}, {name: f, port: 6, targetPort: true}]}',
    ),
    problems: [
      'spec.ports[0].targetPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
      'spec.ports[1].targetPort: Invalid value: "80": must contain at least one letter (a-z)',
      'spec.ports[2].targetPort: Invalid value: "-x--y": must not contain consecutive hyphens',
      'spec.ports[2].targetPort: Invalid value: "-x--y": must not begin or end with a hyphen',
      'spec.ports[3].targetPort: Invalid value: "sixteen-letters-": must be no more than 15 bytes',
      'spec.ports[3].targetPort: Invalid value: "sixteen-letters-": must not begin or end with a hyphen',
      'spec.ports[4].targetPort: Invalid value: "A_B": must contain only alpha-numeric characters…',
      'spec.ports[4].targetPort: Invalid value: "A_B": must contain at least one letter (a-z)',
      'spec.ports[5].targetPort: expected an integer or a string, got true',
    ],
  },
  {
    name: 'node ports',
    object: service(
      '{type: NodePort, ports: [{name: a, port: 1, nodePort: 30000}, {name: b, port: 2, nodePort: 30000}, {name: c, port: 3, nodePort: 70000}, {name: d, port: 4, nodePort: 0}]}',
    ),
    problems: [
      'spec.ports[1].nodePort: Duplicate value: 30000',
      'spec.ports[2].nodePort: Invalid value: 70000: must be between 1 and 65535, inclusive',
    ],
  },
  {
    name: 'a node port of type ClusterIP',
    object: service('{ports: [{port: 80, nodePort: 30000}]}'),
    problems: ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
  },
  {
    name: 'appProtocol',
    object: service('{ports: [{port: 80, appProtocol: "a/b/c"}]}'),
    problems: ['spec.ports[0].appProtocol: Invalid value: "a/b/c": a valid label key must…'],
  },
]

t.test('validateService() speaks like the API server of ports', async t =>
  checkValidation(t, validateService, cases),
)
