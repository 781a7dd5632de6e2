import type { ClusterClient } from './cluster-client.ts'

const namespace = 'kube-system'
const rbac = 'rbac.authorization.k8s.io'
const apiVersion = `${rbac}/v1`
const metadata = { name: 'system:coredns' }

/** kubeadm's ClusterRole of CoreDNS, `system:coredns`. */
const stockRules = [
  {
    apiGroups: [''],
    resources: ['endpoints', 'services', 'pods', 'namespaces'],
    verbs: ['list', 'watch'],
  },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
]

/** What the account may, or all of that but one resource. */
export async function grantCoredns(client: ClusterClient, except?: string): Promise<void> {
  const rules = stockRules.map(({ resources, ...rule }) => ({
    ...rule,
    resources: resources.filter(resource => resource !== except),
  }))
  await client.put({
    apiVersion,
    kind: 'ClusterRole',
    metadata,
    rules: rules.filter(({ resources }) => resources.length > 0),
  })
}

/** The token of `kube-system/coredns`, which may what kubeadm lets it. */
export async function createCorednsAccount(client: ClusterClient): Promise<string> {
  const token = await createAccount(client, 'coredns')
  await grantCoredns(client)
  await client.put({
    apiVersion,
    kind: 'ClusterRoleBinding',
    metadata,
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: metadata.name },
    subjects: [{ kind: 'ServiceAccount', namespace, name: 'coredns' }],
  })
  return token
}

/** The token of `kube-system/NAME`, an account that may nothing. */
export async function createAccount(client: ClusterClient, name: string): Promise<string> {
  await client.put({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name } })
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} }
  const { status } = (await client.send('POST', path, request)) as { status: { token: string } }
  return status.token
}
