import { rawStrings } from '../../src/objects/raw-value.ts'
import type { ApiManifest } from '../support/api-paths.ts'
import { at } from '../manifests/rendered.ts'
import type { ContainerOptions } from './runc-container.ts'

const labels = { 'k8s-app': 'kube-dns' }

/** CoreDNS's Deployment as kubeadm makes it, with what matters to the container: command line, rights, limits, volumes, probes. */
export const stockDeployment: ApiManifest = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'coredns', namespace: 'kube-system', labels },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: 'coredns',
        dnsPolicy: 'Default',
        containers: [
          {
            name: 'coredns',
            image: 'registry.k8s.io/coredns/coredns:v1.14.2',
            args: ['-conf', '/etc/coredns/Corefile'],
            resources: {
              limits: { memory: '170Mi' },
              requests: { cpu: '100m', memory: '70Mi' },
            },
            volumeMounts: [{ name: 'config-volume', mountPath: '/etc/coredns', readOnly: true }],
            ports: [
              { name: 'dns', containerPort: 53, protocol: 'UDP' },
              { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
              { name: 'metrics', containerPort: 9153, protocol: 'TCP' },
              { name: 'liveness-probe', containerPort: 8080, protocol: 'TCP' },
              { name: 'readiness-probe', containerPort: 8181, protocol: 'TCP' },
            ],
            livenessProbe: { httpGet: { path: '/health', port: 'liveness-probe' } },
            readinessProbe: { httpGet: { path: '/ready', port: 'readiness-probe' } },
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] },
              readOnlyRootFilesystem: true,
            },
          },
        ],
        volumes: [
          {
            name: 'config-volume',
            configMap: { name: 'coredns', items: [{ key: 'Corefile', path: 'Corefile' }] },
          },
        ],
      },
    },
  },
}

/** What a kubelet takes from a Deployment for the container. Throws where it would not run it as the tests do. */
export function containerOf(
  deployment: unknown,
): Pick<ContainerOptions, 'args' | 'security' | 'memoryLimitBytes'> {
  const container = at(deployment, 'spec.template.spec.containers.0')
  const security = at(container, 'securityContext')
  const mebibytes = /^(\d+)Mi$/.exec(String(at(container, 'resources.limits.memory')))?.[1]
  const isStrict =
    at(security, 'readOnlyRootFilesystem') === true &&
    at(security, 'allowPrivilegeEscalation') === false &&
    at(security, 'capabilities.drop.0') === 'ALL'
  if (!isStrict || mebibytes === undefined) throw new TypeError(JSON.stringify(container))
  return {
    args: rawStrings(at(container, 'args')),
    security: {
      capabilities: rawStrings(at(security, 'capabilities.add')).map(name => `CAP_${name}`),
    },
    memoryLimitBytes: Number(mebibytes) * 2 ** 20,
  }
}
