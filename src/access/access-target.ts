import { accessSync, constants } from 'node:fs'
import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import type { Cluster, User } from '@kubernetes/client-node/dist/config_types.js'
import { AccessError, onOneLine } from './access-error.ts'
import type { AccessOptions, EndpointOptions, PodOptions } from './access-options.ts'
import { readKubeconfig } from './kubeconfig-file.ts'

/** One cluster and who asks it, in the library's words. All paths are absolute or relative to the working directory. */
export interface AccessTarget {
  readonly cluster: Cluster
  readonly user: User
  /** Holds the user's bearer token; it is replaced now and then. */
  readonly tokenFile?: string | undefined
}

const serviceAccountDirectory = '/var/run/secrets/kubernetes.io/serviceaccount'

/** Throws AccessError where it is not said, or where a file that is named cannot be read. */
export function readTarget(options: AccessOptions): AccessTarget {
  const target = targetOf(options)
  const { protocol } = parseServer(target.cluster.server)
  if (protocol !== 'https:' && protocol !== 'http:') throw badServer(target.cluster.server)
  for (const [what, path] of [
    ['CA certificate', target.cluster.caFile],
    ['client certificate', target.user.certFile],
    ['client key', target.user.keyFile],
    ['token', target.tokenFile],
  ] as const) {
    if (path) checkReadable(what, path)
  }
  return target
}

function targetOf(options: AccessOptions): AccessTarget {
  if (options.from === 'kubeconfig') return readKubeconfig(options)
  return options.from === 'endpoint' ? endpointTarget(options) : podTarget(options)
}

function endpointTarget({ url, tls }: EndpointOptions): AccessTarget {
  const server = url.includes('://') ? url : `${tls ? 'https' : 'http'}://${url}`
  return {
    cluster: { name: 'endpoint', server, skipTLSVerify: false, ...(tls && { caFile: tls.ca }) },
    user: { name: 'endpoint', ...(tls && { certFile: tls.cert, keyFile: tls.key }) },
  }
}

function podTarget({ variables, directory = serviceAccountDirectory }: PodOptions): AccessTarget {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = variables
  if (!host || !port) {
    throw new AccessError(
      'not-in-cluster',
      "not in a cluster: expected --manifests DIR, --kubeconfig FILE, or a pod's service account (KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set)",
    )
  }
  return {
    cluster: {
      name: 'pod',
      server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
      caFile: join(directory, 'ca.crt'),
      skipTLSVerify: false,
    },
    user: { name: 'pod' },
    tokenFile: join(directory, 'token'),
  }
}

function parseServer(server: string): URL {
  const url = URL.parse(server)
  if (!url) throw badServer(server)
  return url
}

function badServer(server: string): AccessError {
  return new AccessError(
    'bad-server',
    `Cannot reach the API server "${server}": expected an address like https://10.0.0.1:6443`,
  )
}

function checkReadable(what: string, path: string): void {
  try {
    accessSync(path, constants.R_OK)
  } catch (error) {
    throw new AccessError(
      'unreadable',
      `Cannot reach the API server: expected its ${what} in "${path}" (${onOneLine(error)})`,
      error,
    )
  }
}
