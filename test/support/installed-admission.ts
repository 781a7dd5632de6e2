import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Rendered } from '../manifests/rendered.ts'
import type { ControlPlane } from './control-plane.ts'
import { asData, oneContext } from './kubeconfig.ts'

const namespace = 'signpost'

/** The base as it would be installed, and a kubeconfig with the rights of its account. */
export async function installAdmission(plane: ControlPlane): Promise<string> {
  const { client } = plane
  const paths: Readonly<Record<string, string>> = {
    Namespace: '/api/v1/namespaces',
    ServiceAccount: `/api/v1/namespaces/${namespace}/serviceaccounts`,
    Service: `/api/v1/namespaces/${namespace}/services`,
    Deployment: `/apis/apps/v1/namespaces/${namespace}/deployments`,
    PodDisruptionBudget: `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`,
    NetworkPolicy: `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`,
    ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
    ClusterRoleBinding: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    Role: `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`,
    RoleBinding: `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`,
    MutatingWebhookConfiguration:
      '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
  }
  // Rights come before what they are given to, in the order of kustomize.
  for (const object of new Rendered('manifests/admission').objects) {
    const strict = '?fieldValidation=Strict'
    await client.send('POST', `${paths[String(object['kind'])]!}${strict}`, object)
  }
  const account = `/api/v1/namespaces/${namespace}/serviceaccounts/signpost-admission/token`
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} }
  const { status } = (await client.send('POST', account, request)) as { status: { token: string } }
  const cluster = {
    server: plane.server,
    'certificate-authority-data': asData(readFileSync(plane.ca, 'utf8')),
  }
  const path = join(plane.folder, 'admission.conf')
  writeFileSync(path, oneContext(cluster, { token: status.token }), { mode: 0o600 })
  return path
}

interface Configuration {
  readonly webhooks: readonly { readonly clientConfig: { readonly caBundle?: string } }[]
}

const configurationsPath = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'

/** caBundle of every webhook, PEM. */
export async function bundlesOf(plane: ControlPlane): Promise<string[]> {
  const { items } = (await plane.client.send('GET', configurationsPath)) as {
    readonly items: readonly Configuration[]
  }
  return items.flatMap(({ webhooks }) =>
    webhooks.map(({ clientConfig }) =>
      Buffer.from(clientConfig.caBundle ?? '', 'base64').toString(),
    ),
  )
}

export async function bundlesBecome(
  plane: ControlPlane,
  isSo: (bundles: readonly string[]) => boolean,
): Promise<void> {
  await plane.client.until(configurationsPath, items =>
    isSo(
      (items as unknown as readonly Configuration[]).flatMap(({ webhooks }) =>
        webhooks.map(({ clientConfig }) =>
          Buffer.from(clientConfig.caBundle ?? '', 'base64').toString(),
        ),
      ),
    ),
  )
}

export async function forgetBundle(plane: ControlPlane): Promise<void> {
  const path = `${configurationsPath}/signpost-pods`
  const found = (await plane.client.send('GET', path)) as Configuration
  const webhooks = found.webhooks.map(webhook => ({
    ...webhook,
    clientConfig: { ...webhook.clientConfig, caBundle: null },
  }))
  await plane.client.send('PATCH', path, { webhooks })
}

export async function leaseAnnotations(plane: ControlPlane): Promise<object> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/signpost-admission`
  const lease = (await plane.client.send('GET', path)) as { metadata: { annotations: object } }
  return lease.metadata.annotations
}
