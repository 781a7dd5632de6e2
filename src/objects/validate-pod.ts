import { checkIp } from './address-rules.ts'
import { type FieldProblem, FieldReader } from './field-reader.ts'
import { checkDnsLabel, checkPortName } from './name-rules.ts'
import { validatePortNumber, validateProtocol } from './port-rules.ts'
import type { RawObject } from './raw-value.ts'
import { validateMetadata } from './validate-metadata.ts'

const phases = ['Failed', 'Pending', 'Running', 'Succeeded', 'Unknown'] as const

/** What the API server would refuse in the part of a Pod that names and endpoints come from. */
export function validatePod(api: RawObject): readonly FieldProblem[] {
  const root = FieldReader.of(api)
  validateMetadata(root, { name: 'subdomain', scope: 'namespaced' })
  validatePodSpec(root.object('spec'))
  const status = root.object('status')
  status.oneOf('phase', phases)
  for (const condition of status.objects('conditions')) {
    condition.string('type')
    condition.string('status')
  }
  const podIp = status.string('podIP')
  if (podIp !== '') status.invalid(status.at('podIP'), podIp, ...checkIp(podIp))
  for (const entry of status.objects('podIPs')) {
    const ip = entry.string('ip')
    entry.invalid(entry.at('ip'), ip, ...checkIp(ip))
  }
  return root.problems
}

/** Checks the spec of a Pod or of a workload's template. */
export function validatePodSpec(spec: FieldReader): void {
  if (!spec.isSet('containers')) spec.required(spec.at('containers'))
  const names = new Set<string>()
  for (const container of [...spec.objects('containers'), ...spec.objects('initContainers')]) {
    const name = container.string('name')
    const field = container.at('name')
    if (name === '') container.required(field)
    else container.invalid(field, name, ...checkDnsLabel(name))
    if (names.has(name) && name !== '') container.duplicate(field, name)
    names.add(name)
    if (container.string('image') === '') container.required(container.at('image'))
    container.string('restartPolicy')
    validateContainerPorts(container.objects('ports'))
  }
  for (const key of ['hostname', 'subdomain']) {
    const text = spec.string(key)
    if (text !== '') spec.invalid(spec.at(key), text, ...checkDnsLabel(text))
  }
  spec.string('nodeName')
}

/** Names are unique within one container; numbers may repeat, which the API server only warns of. */
function validateContainerPorts(ports: readonly FieldReader[]): void {
  const names = new Set<string>()
  for (const port of ports) {
    const name = port.string('name')
    if (name !== '') {
      port.invalid(port.at('name'), name, ...checkPortName(name))
      if (names.has(name)) port.duplicate(port.at('name'), name)
      names.add(name)
    }
    validatePortNumber(port, 'containerPort')
    validateProtocol(port)
  }
}
