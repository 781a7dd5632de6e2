/** Where it is said how to reach the API server. */
export type AccessOptions = KubeconfigOptions | EndpointOptions | PodOptions

export interface KubeconfigOptions {
  readonly from: 'kubeconfig'
  /** Merged as kubectl merges them: of what several files have, the first one's is taken. Paths in a file are relative to it. */
  readonly files: readonly [string, ...string[]]
  /** The current one of the first file that has one, when absent. */
  readonly context?: string | undefined
}

/** `endpoint` and `tls` of a Corefile. */
export interface EndpointOptions {
  readonly from: 'endpoint'
  /** `https://10.0.0.1:6443`. Without a scheme it is https where there are certificates, else http. */
  readonly url: string
  /** Paths of PEM files. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca: string } | undefined
}

/** The service account of the pod that this runs in. */
export interface PodOptions {
  readonly from: 'pod'
  /** The environment: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Has `token` and `ca.crt`; where the kubelet puts them, when absent. */
  readonly directory?: string
}
