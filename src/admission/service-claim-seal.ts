import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** What all replicas know and nobody else, the newest first; it changes, and the one before is still known for a while. */
export type SealKeys = () => readonly Buffer[]

/** Far more than clocks of nodes differ, and no longer than a claim is remembered. */
const maxAgeMs = 30_000

/** A key of the private key that all replicas have in common, for nothing but claims. */
export function sealKeyOf(privateKeyPem: string): Buffer {
  return Buffer.from(hkdfSync('sha256', privateKeyPem, '', 'signpost service claims', 32))
}

/** `1760000000000 8f3c…`: when it was written (Unix time in ms), and that one of us wrote it. HMAC-SHA-256, RFC 2104. */
export function sealClaim(body: string, unixMs: number, key: Buffer): string {
  return `${unixMs} ${macOf(body, unixMs, key).toString('hex')}`
}

export function isSealed(
  body: string,
  seal: string,
  { keys, unixMs }: { readonly keys: readonly Buffer[]; readonly unixMs: number },
): boolean {
  const [, time, mac] = /^(\d{1,15}) ([0-9a-f]{64})$/.exec(seal) ?? []
  if (time === undefined || mac === undefined) return false
  if (Math.abs(unixMs - Number(time)) > maxAgeMs) return false
  const given = Buffer.from(mac, 'hex')
  return keys.some(key => timingSafeEqual(given, macOf(body, Number(time), key)))
}

function macOf(body: string, unixMs: number, key: Buffer): Buffer {
  return createHmac('sha256', key).update(`${unixMs}\n${body}`).digest()
}
