import type { ServerKey, ServerScheme } from './corefile.ts'
import { parseZoneNames } from './zone-names.ts'

const defaultPorts: Readonly<Record<Exclude<ServerScheme, 'dns'>, number>> = {
  tls: 853,
  https: 443,
  https3: 443,
  quic: 853,
  grpc: 443,
}

/**
 * Reads `[scheme://]zone[:port]`. No zone is the root, so `:1053` is a key too. A CIDR gives a key for each
 * of its reverse zones. What is wrong is returned as a text.
 */
export function parseServerKey(text: string, defaultPort: number): readonly ServerKey[] | string {
  const [, schemeText = 'dns', rest] = /^(?:([^:/]*):\/\/)?([^]*)$/.exec(text)!
  if (!isScheme(schemeText)) {
    return `unknown scheme ${schemeText}: known are ${['dns', ...Object.keys(defaultPorts)].join(', ')}`
  }
  if (text.endsWith('{')) return 'a space is missing before "{"'
  const { zoneText, portText } = splitPort(rest!)
  const port = portText === undefined ? portOf(schemeText, defaultPort) : parsePort(portText)
  if (port === undefined) return `expected a port from 0 to 65535, not "${portText}"`
  const zones = parseZoneNames(zoneText || '.')
  if (!zones) return `expected a zone or a CIDR, not "${zoneText}"`
  return zones.map(zone => ({ scheme: schemeText, zone, port, text }))
}

function isScheme(text: string): text is ServerScheme {
  return text === 'dns' || Object.hasOwn(defaultPorts, text)
}

function portOf(scheme: ServerScheme, defaultPort: number): number {
  return scheme === 'dns' ? defaultPort : defaultPorts[scheme]
}

/** The last colon begins a port, unless an IPv6 CIDR goes on behind it. */
function splitPort(text: string): { zoneText: string; portText: string | undefined } {
  const colon = text.lastIndexOf(':')
  return colon < 0 || text.includes('/', colon)
    ? { zoneText: text, portText: undefined }
    : { zoneText: text.slice(0, colon), portText: text.slice(colon + 1) }
}

function parsePort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : undefined
  return port !== undefined && port <= 65_535 ? port : undefined
}
