import type { Namespace } from '../objects/namespace.ts'
import { reduceService, type Service } from '../objects/service.ts'

/** The namespaces that every cluster has. */
export const builtInNamespaces: readonly Namespace[] = [
  'default',
  'kube-node-lease',
  'kube-public',
  'kube-system',
].map(name => ({ kind: 'Namespace', name, labels: { 'kubernetes.io/metadata.name': name } }))

/** The Service of the API server, which has the first address of every cluster. */
export const kubernetesService: Service = reduceService({
  metadata: {
    namespace: 'default',
    name: 'kubernetes',
    labels: { component: 'apiserver', provider: 'kubernetes' },
  },
  spec: {
    type: 'ClusterIP',
    ipFamilyPolicy: 'SingleStack',
    ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: 6443 }],
  },
})
