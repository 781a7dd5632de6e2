/** An object as a manifest has it. */
export interface ApiManifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly [field: string]: unknown
  }
  readonly [field: string]: unknown
}

/** Collections of the kinds that tests write, and whether they are in a namespace. */
const collections: Readonly<
  Record<string, readonly [plural: string, scope: 'namespaced' | 'cluster']>
> = {
  ClusterRole: ['clusterroles', 'cluster'],
  ClusterRoleBinding: ['clusterrolebindings', 'cluster'],
  Deployment: ['deployments', 'namespaced'],
  EndpointSlice: ['endpointslices', 'namespaced'],
  Namespace: ['namespaces', 'cluster'],
  Node: ['nodes', 'cluster'],
  Pod: ['pods', 'namespaced'],
  Service: ['services', 'namespaced'],
  ServiceAccount: ['serviceaccounts', 'namespaced'],
  ServiceCIDR: ['servicecidrs', 'cluster'],
  StatefulSet: ['statefulsets', 'namespaced'],
}

/** `/apis/apps/v1/namespaces/default/deployments/web` */
export function manifestPath({ apiVersion, kind, metadata }: ApiManifest): string {
  const [plural, scope] = collections[kind]!
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  const namespace = scope === 'cluster' ? '' : `/namespaces/${metadata.namespace ?? 'default'}`
  return `${root}${namespace}/${plural}/${metadata.name}`
}
