import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'

/** Where the binaries of a control plane are, by the convention of envtest. */
const folder = process.env['KUBEBUILDER_ASSETS'] ?? '/usr/local/kubebuilder/bin'

const needed = ['etcd', 'kube-apiserver', 'kubectl'] as const
type Binary = (typeof needed)[number] | 'kube-controller-manager'

/** The path of a binary, or `undefined` where it cannot be started. */
export function lookupAsset(binary: Binary): string | undefined {
  const path = join(folder, binary)
  try {
    accessSync(path, constants.X_OK)
    return path
  } catch {
    // Not there, or not for us: the same to whoever wants to start it.
    return undefined
  }
}

/** Why there can be no control plane here, in one line; `undefined` where there can be. */
export function whyNoControlPlane(): string | undefined {
  const missing = needed.filter(binary => lookupAsset(binary) === undefined)
  if (missing.length === 0) return undefined
  return `NO CONTROL PLANE: ${missing.join(', ')} NOT IN ${folder} (KUBEBUILDER_ASSETS)`
}

/** Why what controllers do cannot be tested here; `undefined` where it can be. */
export function whyNoControllers(): string | undefined {
  const isThere = lookupAsset('kube-controller-manager') !== undefined
  return (
    whyNoControlPlane() ??
    (isThere ? undefined : `NO CONTROLLERS: kube-controller-manager NOT IN ${folder}`)
  )
}
