import t from 'tap'
import { checkValidation } from '../../test/support/validation-cases.ts'
import { validatePod } from './validate-pod.ts'

function pod(spec: string, status = '{}'): string {
  return `{metadata: {name: web.v1}, spec: ${spec}, status: ${status}}`
}

const container = '{name: web, image: nginx}'

t.test('validatePod() speaks like the API server', async t =>
  checkValidation(t, validatePod, [
    { name: 'the smallest Pod', object: pod(`{containers: [${container}]}`) },
    { name: 'no containers', object: pod('{}'), problems: ['spec.containers: Required value'] },
    {
      name: 'containers: no name, no image, one name twice',
      object: pod(`{containers: [${container}, {}], initContainers: [${container}]}`),
      problems: [
        'spec.containers[1].name: Required value',
        'spec.containers[1].image: Required value',
        'spec.initContainers[0].name: Duplicate value: "web"',
      ],
    },
    {
      name: 'ports',
      object: pod(
        '{containers: [{name: web, image: x, ports: [{name: http, containerPort: 80}, {name: http, containerPort: 0}, {name: far-too-long-a-name, containerPort: 81}, {protocol: tcp}]}]}',
      ),
      problems: [
        'spec.containers[0].ports[1].name: Duplicate value: "http"',
        'spec.containers[0].ports[1].containerPort: Invalid value: 0: must be between 1 and 65535, inclusive',
        'spec.containers[0].ports[2].name: Invalid value: "far-too-long-a-name": must be no more than 15 bytes',
        'spec.containers[0].ports[3].containerPort: Required value',
        'spec.containers[0].ports[3].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"',
      ],
    },
    {
      name: 'hostname and subdomain',
      object: pod(`{hostname: a.b, subdomain: _c, nodeName: 1, containers: [${container}]}`),
      problems: [
        'spec.hostname: Invalid value: "a.b": must not contain dots',
        'spec.subdomain: Invalid value: "_c": a lowercase RFC 1123 label…',
        'spec.nodeName: expected a string, got 1',
      ],
    },
    {
      name: 'status',
      object: pod(
        `{containers: [${container}]}`,
        '{phase: Ready, podIP: x, podIPs: [{ip: 10.0.0.1}, {ip: 1.2.3}], conditions: [{type: Ready, status: true}]}',
      ),
      problems: [
        'status.phase: Unsupported value: "Ready": supported values: "Failed", "Pending", "Running", "Succeeded", "Unknown"',
        'status.conditions[0].status: expected a string, got true',
        'status.podIP: Invalid value: "x": must be a valid IP address…',
        'status.podIPs[1].ip: Invalid value: "1.2.3": must be a valid IP address…',
      ],
    },
  ]),
)
