import type { AccessOptions } from '../access/access-options.ts'
import type { KubernetesApiSettings } from '../plugins/kubernetes/kubernetes-settings.ts'
import type { ApiAccess } from '../reflector/api-access.ts'
import type { ApiOptions } from './cluster-options.ts'
import { StartError } from './start-error.ts'

/**
 * Access to the API server that the command line names, else the Corefile, else the pod that this runs in. Rejects with a
 * StartError where none does. What it takes is loaded now and not with the program: a folder of manifests needs none of it.
 */
export async function openAccess(
  named: ApiOptions | undefined,
  corefile?: KubernetesApiSettings,
): Promise<ApiAccess> {
  const { KubeAccess } = await import('../access/kube-access.ts')
  try {
    return KubeAccess.open(accessOptions(named, corefile))
  } catch (error) {
    throw new StartError('no-access', (error as Error).message, { cause: error })
  }
}

function accessOptions(
  named: ApiOptions | undefined,
  corefile: KubernetesApiSettings | undefined,
): AccessOptions {
  if (named) return { from: 'kubeconfig', files: [named.kubeconfig], context: named.context }
  const { kubeconfig, endpoint, tls } = corefile ?? {}
  if (kubeconfig) {
    return { from: 'kubeconfig', files: [kubeconfig.file], context: kubeconfig.context }
  }
  if (endpoint !== undefined) return { from: 'endpoint', url: endpoint, tls }
  return { from: 'pod', variables: process.env }
}
