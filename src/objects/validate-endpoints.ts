import { checkIp, checkNotSpecial } from './address-rules.ts'
import { type FieldProblem, FieldReader } from './field-reader.ts'
import { checkDnsLabel } from './name-rules.ts'
import { validatePortNumber, validateProtocol } from './port-rules.ts'
import type { RawObject } from './raw-value.ts'
import { validateMetadata } from './validate-metadata.ts'

/** What the API server would refuse in an Endpoints object. Kubernetes: `ValidateEndpoints`. */
export function validateEndpoints(api: RawObject): readonly FieldProblem[] {
  const root = FieldReader.of(api)
  validateMetadata(root, { name: 'subdomain', scope: 'namespaced' })
  for (const subset of root.objects('subsets')) {
    const addresses = [...subset.objects('addresses'), ...subset.objects('notReadyAddresses')]
    if (!subset.isSet('addresses') && !subset.isSet('notReadyAddresses'))
      subset.required(subset.at(''), 'must specify `addresses` or `notReadyAddresses`')
    for (const address of addresses) validateAddress(address)
    const ports = subset.objects('ports')
    for (const port of ports) {
      const name = port.string('name')
      if (name !== '') port.invalid(port.at('name'), name, ...checkDnsLabel(name))
      else if (ports.length > 1) port.required(port.at('name'))
      validatePortNumber(port, 'port')
      validateProtocol(port)
    }
  }
  return root.problems
}

function validateAddress(address: FieldReader): void {
  const ip = address.string('ip')
  const faults = checkIp(ip)
  address.invalid(address.at('ip'), ip, ...(faults.length > 0 ? faults : checkNotSpecial(ip)))
  const hostname = address.string('hostname')
  if (hostname !== '') address.invalid(address.at('hostname'), hostname, ...checkDnsLabel(hostname))
  address.string('nodeName')
  const target = address.object('targetRef')
  target.string('kind')
  target.string('name')
}
