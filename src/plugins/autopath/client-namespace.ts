import type { AnswerReader } from '../../answers/answer-reader.ts'
import { reverseName } from '../../dns/reverse-name.ts'
import { RrType } from '../../dns/rr-type.ts'
import { parseIp } from '../../lib/ip.ts'
import { scannedName } from '../kubernetes/scanned-name.ts'

/** In front of the text: owner, type, class, TTL, length of the data, length of the text. */
const headBytes = 13
const scratch = new Uint8Array(512)

/** The namespace of the pod that asks, from the table that src/zone/client-table.ts keeps; `undefined` for everybody else. */
export function clientNamespace(clients: AnswerReader, address: string): string | undefined {
  const ip = parseIp(address)
  if (!ip) return undefined
  clients.enter()
  try {
    if (clients.lookup(scannedName(reverseName(ip)), RrType.txt) !== 'found') return undefined
    const end = clients.copyAnswer(scratch, 0, 0)
    return Buffer.from(scratch.subarray(headBytes, end)).toString('latin1').split('/')[0]
  } finally {
    clients.leave()
  }
}
