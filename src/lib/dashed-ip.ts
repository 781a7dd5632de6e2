import { type IpBytes, isIpv4Mapped, parseIp } from './ip.ts'

/**
 * The address that a label stands for: `10-0-0-1` or `fd00--1`, three single dashes being IPv4. `undefined` for other
 * text and for IPv4-mapped addresses, which no record may carry. Kubernetes DNS specification, pod names.
 */
export function parseDashedIp(label: string): IpBytes | undefined {
  const isIpv4 = !label.includes('--') && label.split('-').length === 4
  const bytes = parseIp(label.replaceAll('-', isIpv4 ? '.' : ':'))
  return bytes && !isIpv4Mapped(bytes) ? bytes : undefined
}
