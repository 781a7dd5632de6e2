import { randomBytes } from 'node:crypto'
import { hashName } from '../../dns/name-hash.ts'
import { nameFromLabels, type WireName } from '../../dns/wire-name.ts'
import { ownerOf } from '../name-owner.ts'

/**
 * A name that nobody else asks for: `<64 bits>.<64 bits>.<zone>`, as CoreDNS writes them. It belongs to the serving thread that
 * makes it, wherever it comes in again. `undefined` where the zone leaves no room for it.
 */
export function probeName(
  zone: WireName,
  thread: { readonly index: number; readonly count: number },
): WireName | undefined {
  for (;;) {
    const name = nameFromLabels([randomLabel(), randomLabel()], zone)
    if (!name || ownerOf(hashName(name), thread.count) === thread.index) return name
  }
}

function randomLabel(): string {
  return randomBytes(8).readBigUInt64BE().toString()
}
