import { objectKey } from '../objects/change.ts'
import type { Service } from '../objects/service.ts'

export interface ServiceVariable {
  readonly name: string
  readonly value: string
  /** `namespace/name` of the Service that it comes from. */
  readonly service: string
}

/**
 * The variables of a Service that has a cluster IP and a port, in the kubelet's order. Only
 * `spec.clusterIP` counts: a second address of a dual-stack Service does not appear.
 */
export function variablesOf(service: Service): ServiceVariable[] {
  const { clusterIP, ports } = service
  const prefix = variableName(service.name)
  const variables: ServiceVariable[] = []
  const key = objectKey(service)
  const add = (name: string, value: string | number): void => {
    variables.push({ name: `${prefix}_${name}`, value: String(value), service: key })
  }

  add('SERVICE_HOST', clusterIP)
  add('SERVICE_PORT', ports[0]!.port)
  for (const { name, port } of ports) {
    if (name !== '') add(`SERVICE_PORT_${variableName(name)}`, port)
  }
  for (const [index, { port, protocol }] of ports.entries()) {
    const url = `${protocol.toLowerCase()}://${hostAndPort(clusterIP, port)}`
    const name = `PORT_${port}_${protocol}`
    if (index === 0) add('PORT', url)
    add(name, url)
    add(`${name}_PROTO`, protocol.toLowerCase())
    add(`${name}_PORT`, port)
    add(`${name}_ADDR`, clusterIP)
  }
  return variables
}

/** Leading digits stay: `3scale` becomes `3SCALE`. */
function variableName(name: string): string {
  return name.toUpperCase().replaceAll('-', '_')
}

function hostAndPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
