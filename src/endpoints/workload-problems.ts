import type { Workload } from '../objects/workload.ts'
import type { EndpointsProblem } from './endpoints-change.ts'
import { maxPodsPerWorkload, ordinalPodName } from './workload-pods.ts'

/** Why a workload has fewer pods than it asks for. */
export function problemsOf(workload: Workload): EndpointsProblem[] {
  const { kind, namespace, name, replicas } = workload
  const problems: EndpointsProblem[] = []
  const subject = { kind, namespace, name }
  if (replicas > maxPodsPerWorkload) {
    const message = `Cannot start ${replicas} pods of ${kind} "${namespace}/${name}": at most ${maxPodsPerWorkload}`
    problems.push({ code: 'too-many-replicas', ...subject, message })
  }
  const last = Math.min(replicas, maxPodsPerWorkload) - 1
  if (kind === 'StatefulSet' && last >= 0 && ordinalPodName(workload, last) === undefined) {
    const podName = `${name}-${workload.firstOrdinal + last}`
    const message = `Cannot start all pods of ${kind} "${namespace}/${name}": "${podName}" is not a DNS label`
    problems.push({ code: 'bad-host-name', ...subject, message })
  }
  return problems
}
