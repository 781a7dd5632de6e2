import type { FieldReader } from './field-reader.ts'
import { checkPortName } from './name-rules.ts'

const protocols = ['SCTP', 'TCP', 'UDP'] as const

/** Checks an optional protocol and returns it, `TCP` when it is not given. */
export function validateProtocol(port: FieldReader): string {
  return port.oneOf('protocol', protocols) || 'TCP'
}

export function checkPortNumber(port: number): string[] {
  return port >= 1 && port <= 65535 ? [] : ['must be between 1 and 65535, inclusive']
}

/** Checks a port number that has to be there. One that has another type is one problem, not two. */
export function validatePortNumber(port: FieldReader, key: string): number {
  const number = port.integer(key)
  if (number !== undefined) port.invalid(port.at(key), number, ...checkPortNumber(number))
  else if (!port.has(key)) port.required(port.at(key))
  return number ?? 0
}

/** Checks `targetPort`: a number, or the name of a container port. 0 and '' stand for the default. */
export function validatePortNumberOrName(port: FieldReader, key: string): void {
  const value = port.integerOrString(key)
  if (typeof value === 'number' && value !== 0)
    port.invalid(port.at(key), value, ...checkPortNumber(value))
  if (typeof value === 'string' && value !== '')
    port.invalid(port.at(key), value, ...checkPortName(value))
}
