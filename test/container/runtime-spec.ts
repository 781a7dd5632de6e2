import type { ContainerOptions } from './runc-container.ts'

/** What of a container's `securityContext` differs between the cases; the rest is `stock`'s. */
export interface PodSecurity {
  /** `capabilities.add`, after `drop: [ALL]`. */
  readonly capabilities: readonly string[]
}

/** kubeadm's and kind's own Deployment of CoreDNS. */
export const stockSecurity: PodSecurity = { capabilities: ['CAP_NET_BIND_SERVICE'] }

const readOnly = ['nosuid', 'noexec', 'nodev', 'ro']

/**
 * The configuration that a kubelet and containerd would make of a pod: a user that is not root, no new privileges, a read-only root
 * and no capability but what is added.
 * https://github.com/opencontainers/runtime-spec/blob/main/config.md
 */
export function runtimeSpec(options: ContainerOptions, id: string): object {
  const { image, security, args, volumes, memoryLimitBytes, variables = [], network } = options
  const { capabilities } = security
  return {
    ociVersion: '1.0.2',
    process: {
      user: { uid: 65_532, gid: 65_532 },
      args: [...image.entrypoint, ...args],
      env: [...image.env, ...variables],
      cwd: '/',
      // containerd gives all three whoever the user is; what a file asks for is cut down to what is permitted.
      capabilities: {
        bounding: capabilities,
        permitted: capabilities,
        effective: capabilities,
      },
      noNewPrivileges: true,
    },
    root: { path: image.root, readonly: true },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755'] },
      { destination: '/sys', type: 'sysfs', source: 'sysfs', options: readOnly },
      { destination: '/sys/fs/cgroup', type: 'cgroup', source: 'cgroup', options: readOnly },
      ...Object.entries(volumes).map(([destination, source]) => ({
        destination,
        type: 'bind',
        source,
        options: ['rbind', 'ro'],
      })),
    ],
    linux: {
      cgroupsPath: `/${id}`,
      resources: { memory: { limit: memoryLimitBytes, swap: memoryLimitBytes } },
      namespaces: [
        ...['pid', 'ipc', 'uts', 'mount'].map(type => ({ type })),
        ...(network === undefined ? [] : [{ type: 'network', path: network }]),
      ],
      maskedPaths: ['/proc/kcore', '/proc/keys', '/proc/timer_list', '/sys/firmware'],
      readonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
    },
  }
}
