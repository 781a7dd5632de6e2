/** Why the API refuses a field, as `status.details.causes[].reason` names it. */
type FieldErrorReason =
  | 'FieldValueInvalid'
  | 'FieldValueRequired'
  | 'FieldValueForbidden'
  | 'FieldValueDuplicate'
  | 'FieldValueNotSupported'
  | 'InternalError'

/** One refusal of a Service, worded as the API server words it: clients match on these texts. */
export interface FieldError {
  /** `spec.clusterIPs[0]`; '' for an internal error, which belongs to no field. */
  readonly field: string
  /** What follows the path: `Invalid value: ["10.96.0.10"]: failed to allocate IP …`. */
  readonly message: string
  readonly status: 422 | 500
  readonly reason: FieldErrorReason
}

export function invalidValue(field: string, value: unknown, detail: string): FieldError {
  const message = `Invalid value: ${renderValue(value)}: ${detail}`
  return { field, message, status: 422, reason: 'FieldValueInvalid' }
}

export function requiredValue(field: string): FieldError {
  return { field, message: 'Required value', status: 422, reason: 'FieldValueRequired' }
}

export function forbiddenValue(field: string, detail: string): FieldError {
  return { field, message: `Forbidden: ${detail}`, status: 422, reason: 'FieldValueForbidden' }
}

export function duplicateValue(field: string, value: unknown): FieldError {
  const message = `Duplicate value: ${renderValue(value)}`
  return { field, message, status: 422, reason: 'FieldValueDuplicate' }
}

export function unsupportedValue(
  field: string,
  value: unknown,
  supported: readonly string[],
): FieldError {
  const known = supported.map(renderValue).join(', ')
  const message = `Unsupported value: ${renderValue(value)}: supported values: ${known}`
  return { field, message, status: 422, reason: 'FieldValueNotSupported' }
}

/** A refusal that is not the fault of a field, such as a full range. */
export function internalError(message: string): FieldError {
  return { field: '', message, status: 500, reason: 'InternalError' }
}

/**
 * The whole message of the API server's answer:
 * `Service "web" is invalid: spec.clusterIPs: Invalid value: …`, in brackets when there are several
 * errors, or `Internal error occurred: …`.
 */
export function renderFieldErrors(name: string, errors: readonly FieldError[]): string {
  const internal = errors.find(error => error.status === 500)
  if (internal) return `Internal error occurred: ${internal.message}`
  const lines = [...new Set(errors.map(error => `${error.field}: ${error.message}`))]
  const text = lines.length === 1 ? lines[0]! : `[${lines.join(', ')}]`
  return `Service ${JSON.stringify(name)} is invalid: ${text}`
}

/** A list without entries is Go's nil slice, which the API server prints as null. */
function renderValue(value: unknown): string {
  return Array.isArray(value) && value.length === 0 ? 'null' : JSON.stringify(value ?? null)
}
