import { resolve } from 'node:path'
import type { Cluster } from '@kubernetes/client-node/dist/config_types.js'

/** `exec` of a kubeconfig's user, as far as it is looked at here. */
interface ExecSection {
  readonly command?: unknown
  readonly env?: unknown
  readonly apiVersion?: unknown
  readonly provideClusterInfo?: unknown
}

/**
 * A credential plugin that can be run from anywhere and knows what it is asked for: a command with a slash is relative to its
 * kubeconfig, and KUBERNETES_EXEC_INFO says which answer is expected. Kubernetes documentation, "client-go credential plugins".
 */
export function prepareExec(exec: ExecSection, cluster: Cluster, directory: string): object {
  const { command, env, apiVersion, provideClusterInfo } = exec
  const info = {
    kind: 'ExecCredential',
    apiVersion: apiVersion ?? 'client.authentication.k8s.io/v1',
    spec: {
      // Standard input is not handed on: who is asked for a password there could not see the question.
      interactive: false,
      ...(provideClusterInfo === true && {
        cluster: {
          server: cluster.server,
          'tls-server-name': cluster.tlsServerName,
          'insecure-skip-tls-verify': cluster.skipTLSVerify || undefined,
          'certificate-authority-data': cluster.caData,
          'proxy-url': cluster.proxyUrl,
        },
      }),
    },
  }
  return {
    ...exec,
    command:
      typeof command === 'string' && command.includes('/') ? resolve(directory, command) : command,
    env: [
      ...(Array.isArray(env) ? (env as unknown[]) : []),
      { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) },
    ],
  }
}
