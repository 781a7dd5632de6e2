import { hashText } from '../lib/hash.ts'
import { bareLabels, type Labels } from '../objects/labels.ts'
import type { Pod, PodTemplate } from '../objects/pod.ts'
import type { Workload } from '../objects/workload.ts'
import { generateName, spellHash } from './generated-name.ts'

/** As many as Kubernetes supports in a whole cluster; a slip of the keyboard must not fill the memory. */
export const maxPodsPerWorkload = 150_000

const MAX_HOST_NAME_LENGTH = 63

/**
 * The pods that the workload's controller would have started: running and ready, without addresses.
 * Their names follow from the workload alone, and scaling adds or removes only the last ones.
 */
export function podsOf(workload: Workload): Pod[] {
  const count = Math.max(0, Math.min(workload.replicas, maxPodsPerWorkload))
  return workload.kind === 'StatefulSet'
    ? ordinalPods(workload, count)
    : hashedPods(workload, count)
}

/** All of a template that pods show, as one text: equal texts make equal pods. */
export function templateText(template: PodTemplate): string {
  const { labels, hostname, subdomain, nodeName, ports } = template
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([pairs, hostname, subdomain, nodeName, ports])
}

/** The name of a StatefulSet's pod; `undefined` when it cannot be the pod's host name, a DNS label. */
export function ordinalPodName(workload: Workload, index: number): string | undefined {
  const name = `${workload.name}-${workload.firstOrdinal + index}`
  const isLabel = name.length <= MAX_HOST_NAME_LENGTH && /^[a-z0-9][-a-z0-9]*$/.test(name)
  return isLabel ? name : undefined
}

/** The host name of a StatefulSet's pod is always its own name, its subdomain the governing Service. */
function ordinalPods(workload: Workload, count: number): Pod[] {
  const pods: Pod[] = []
  for (let index = 0; index < count; index++) {
    const name = ordinalPodName(workload, index)
    if (name === undefined) break
    const labels = bareLabels({
      ...workload.template.labels,
      'statefulset.kubernetes.io/pod-name': name,
      'apps.kubernetes.io/pod-index': String(workload.firstOrdinal + index),
    })
    const pod = runningPod(workload, name, labels)
    pods.push({ ...pod, hostname: name, subdomain: workload.serviceName })
  }
  return pods
}

function hashedPods(workload: Workload, count: number): Pod[] {
  let base = `${workload.name}-`
  let { labels } = workload.template
  if (workload.kind === 'Deployment') {
    const templateHash = spellHash(hashText(templateText(workload.template)))
    base += `${templateHash}-`
    labels = bareLabels({ ...labels, 'pod-template-hash': templateHash })
  }
  const seed = `${workload.kind}/${workload.namespace}/${base}`
  const names = new Set<string>()
  while (names.size < count) names.add(generateName(base, seed + names.size, names))
  return Array.from(names, name => runningPod(workload, name, labels))
}

/** Pods of one template share its labels and ports: there may be many of them. */
function runningPod(workload: Workload, name: string, labels: Labels): Pod {
  return {
    kind: 'Pod',
    namespace: workload.namespace,
    name,
    labels,
    hostname: workload.template.hostname,
    subdomain: workload.template.subdomain,
    nodeName: workload.template.nodeName,
    ports: workload.template.ports,
    phase: 'Running',
    podIPs: [],
    ready: true,
    terminating: false,
    hasStatus: false,
  }
}
