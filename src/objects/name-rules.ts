/*
 * The forms of names that the API server accepts. Each rule gives what is wrong with a text, in the
 * API server's words, and nothing when it is well formed.
 * Kubernetes 1.36: k8s.io/apimachinery/pkg/util/validation and pkg/api/validate/content.
 */

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const subdomain = String.raw`${label}(\.${label})*`
const qualifiedName = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'

const labelPattern = new RegExp(`^${label}$`)
const qualifiedNamePattern = new RegExp(`^${qualifiedName}$`)

const MAX_LABEL_BYTES = 63
const MAX_SUBDOMAIN_BYTES = 253
const MAX_PORT_NAME_BYTES = 15

/** RFC 1123 label: a Service, a Namespace, a port of a Service, a hostname. */
export function checkDnsLabel(text: string): string[] {
  const faults = atMostBytes(text, MAX_LABEL_BYTES)
  if (labelPattern.test(text)) return faults
  faults.push(
    isSubdomain(text)
      ? 'must not contain dots'
      : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character" +
          ` (e.g. 'my-name',  or '123-abc', regex used for validation is '${label}')`,
  )
  return faults
}

/** RFC 1123 subdomain: a Pod, an EndpointSlice, an external name. */
export function checkDnsSubdomain(text: string): string[] {
  const faults = atMostBytes(text, MAX_SUBDOMAIN_BYTES)
  if (!isSubdomain(text)) {
    faults.push(
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character" +
        ` (e.g. 'example.com', regex used for validation is '${subdomain}')`,
    )
  }
  return faults
}

/** A name of two labels or more, perhaps with a dot at its end: an address of type FQDN. */
export function checkFullyQualifiedName(text: string): string[] {
  const name = text.endsWith('.') ? text.slice(0, -1) : text
  const faults = checkDnsSubdomain(name)
  if (faults.length > 0) return faults
  const labels = name.split('.')
  if (labels.length < 2) return ['should be a domain with at least two segments separated by dots']
  return labels.flatMap(checkDnsLabel)
}

/** IANA service name, RFC 6335 §5.1: the name of a container port and a named target port. */
export function checkPortName(text: string): string[] {
  const faults = atMostBytes(text, MAX_PORT_NAME_BYTES)
  if (!/^[-a-z0-9]+$/.test(text))
    faults.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  if (!/[a-z]/.test(text)) faults.push('must contain at least one letter (a-z)')
  if (text.includes('--')) faults.push('must not contain consecutive hyphens')
  if (text.startsWith('-') || text.endsWith('-')) faults.push('must not begin or end with a hyphen')
  return faults
}

/** The key of a label: an optional DNS prefix and a slash, then a name. */
export function checkLabelKey(text: string): string[] {
  const parts = text.split('/')
  const form =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character" +
    ` (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${qualifiedName}')`
  if (parts.length > 2) {
    return [
      `a valid label key ${form} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  }
  const faults: string[] = []
  const name = parts.at(-1)!
  if (parts.length === 2) {
    const prefix = parts[0]!
    const prefixFaults = prefix === '' ? ['must be non-empty'] : checkDnsSubdomain(prefix)
    faults.push(...prefixFaults.map(fault => `prefix part ${fault}`))
  }
  if (name === '') faults.push('name part must be non-empty')
  faults.push(...atMostBytes(name, MAX_LABEL_BYTES).map(fault => `name part ${fault}`))
  if (!qualifiedNamePattern.test(name)) faults.push(`name part ${form}`)
  return faults
}

export function checkLabelValue(text: string): string[] {
  const faults = atMostBytes(text, MAX_LABEL_BYTES)
  if (text !== '' && !qualifiedNamePattern.test(text)) {
    faults.push(
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character" +
        ` (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(${qualifiedName})?')`,
    )
  }
  return faults
}

/** By labels, because one expression over the whole name is slow on hostile text. */
function isSubdomain(text: string): boolean {
  return text.split('.').every(part => labelPattern.test(part))
}

function atMostBytes(text: string, most: number): string[] {
  return Buffer.byteLength(text) > most ? [`must be no more than ${most} bytes`] : []
}
