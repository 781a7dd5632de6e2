import { checkIpOfFamily, checkNotSpecial } from './address-rules.ts'
import { type FieldProblem, FieldReader } from './field-reader.ts'
import { checkDnsLabel, checkFullyQualifiedName } from './name-rules.ts'
import { validateProtocol } from './port-rules.ts'
import type { RawObject } from './raw-value.ts'
import { validateMetadata } from './validate-metadata.ts'

const addressTypes = ['FQDN', 'IPv4', 'IPv6'] as const
const maxEndpoints = 1000
const maxAddresses = 100
const maxPorts = 20_000

/** What the API server would refuse in an EndpointSlice. Kubernetes: pkg/apis/discovery/validation. */
export function validateEndpointSlice(api: RawObject): readonly FieldProblem[] {
  const root = FieldReader.of(api)
  validateMetadata(root, { name: 'subdomain', scope: 'namespaced' })
  const addressType = root.oneOf('addressType', addressTypes)
  if (!root.isSet('addressType')) root.required('addressType')
  const endpoints = root.objects('endpoints')
  if (endpoints.length > maxEndpoints) root.tooMany('endpoints', endpoints.length, maxEndpoints)
  else for (const endpoint of endpoints) validateEndpoint(endpoint, addressType)
  const ports = root.objects('ports')
  if (ports.length > maxPorts) root.tooMany('ports', ports.length, maxPorts)
  else validatePorts(ports)
  return root.problems
}

function validateEndpoint(endpoint: FieldReader, addressType: string): void {
  const addresses = endpoint.strings('addresses')
  const field = endpoint.at('addresses')
  if (!endpoint.isSet('addresses')) endpoint.required(field, 'must contain at least 1 address')
  if (addresses.length > maxAddresses) endpoint.tooMany(field, addresses.length, maxAddresses)
  for (const { field, value } of addresses)
    endpoint.invalid(field, value, ...checkAddress(value, addressType))
  const hostname = endpoint.string('hostname')
  if (hostname !== '')
    endpoint.invalid(endpoint.at('hostname'), hostname, ...checkDnsLabel(hostname))
  const conditions = endpoint.object('conditions')
  for (const key of ['ready', 'serving', 'terminating']) conditions.boolean(key)
  endpoint.string('nodeName')
  endpoint.string('zone')
  const target = endpoint.object('targetRef')
  target.string('kind')
  target.string('name')
}

function checkAddress(address: string, type: string): string[] {
  if (type === 'FQDN') return checkFullyQualifiedName(address)
  if (type !== 'IPv4' && type !== 'IPv6') return []
  const faults = checkIpOfFamily(address, type)
  return faults.length > 0 ? faults : checkNotSpecial(address)
}

function validatePorts(ports: readonly FieldReader[]): void {
  const names = new Set<string>()
  for (const port of ports) {
    const name = port.string('name')
    if (name !== '') port.invalid(port.at('name'), name, ...checkDnsLabel(name))
    if (names.has(name)) port.duplicate(port.at('name'), name)
    names.add(name)
    validateProtocol(port)
    // The API server takes any number here; one that no packet can carry is of no use to us.
    const number = port.integer('port') ?? 0
    if (number < 0 || number > 65535)
      port.invalid(port.at('port'), number, 'must be between 0 and 65535, inclusive')
    port.string('appProtocol')
  }
}
