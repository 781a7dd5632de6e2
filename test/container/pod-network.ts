import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'

/** Where pods and their node meet. */
export const nodeAddress = '10.244.0.1'
export const podAddress = '10.244.0.2'

/**
 * The network of one pod as a kubelet's plugin makes it: a namespace of its own, and a pair of devices between it and the node,
 * which is this process. The pod reaches everything by the node. Nothing is left when this process has no network any more.
 */
export class PodNetwork implements Disposable {
  /** The path of the namespace, a file that is made here. */
  readonly namespace: string

  constructor(namespace: string) {
    this.namespace = namespace
    writeFileSync(namespace, '')
    execFileSync('unshare', [`--net=${namespace}`, 'true'])
    this.#inPod('link', 'set', 'lo', 'up')
    const node = ['netns', String(process.pid)]
    this.#inPod('link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'pod0', ...node)
    this.#inPod('address', 'add', `${podAddress}/24`, 'dev', 'eth0')
    this.#inPod('link', 'set', 'eth0', 'up')
    ip('address', 'add', `${nodeAddress}/24`, 'dev', 'pod0')
    ip('link', 'set', 'pod0', 'up')
    this.#inPod('route', 'add', 'default', 'via', nodeAddress)
  }

  [Symbol.dispose](): void {
    ip('link', 'delete', 'pod0')
    execFileSync('umount', [this.namespace])
    rmSync(this.namespace)
  }

  #inPod(...args: readonly string[]): void {
    execFileSync('nsenter', [`--net=${this.namespace}`, 'ip', ...args])
  }
}

export function ip(...args: readonly string[]): void {
  execFileSync('ip', args)
}
