import type { AnswerReader } from '../answers/answer-reader.ts'
import { reverseName } from '../dns/reverse-name.ts'
import { RrType } from '../dns/rr-type.ts'
import { parseIp } from '../lib/ip.ts'
import { scannedName } from './scanned-name.ts'

/** The pod that a query comes from. */
export interface ClientPod {
  readonly namespace: string
  /** Empty where several pods of the namespace have the address. */
  readonly name: string
  /** `key=value`; none where nobody needs them. */
  readonly labels: readonly string[]
}

/** In front of each text: owner, type, class, TTL, length of the data, length of the text. */
const headBytes = 13

/** Who has an address, from the table that src/zone/client-table.ts keeps; `undefined` for everybody but pods. */
export function findClientPod(clients: AnswerReader, address: string): ClientPod | undefined {
  const ip = parseIp(address)
  if (!ip) return undefined
  clients.enter()
  try {
    if (clients.lookup(scannedName(reverseName(ip)), RrType.txt) !== 'found') return undefined
    const bytes = Buffer.alloc(clients.byteLength)
    clients.copyAnswer(bytes, 0, 0)
    const [namespace = '', name = '', ...labels] = textsOf(bytes)
    return { namespace, name, labels }
  } finally {
    clients.leave()
  }
}

function textsOf(bytes: Buffer): string[] {
  const texts: string[] = []
  for (let at = headBytes; at <= bytes.length; at += headBytes) {
    const end = at + bytes[at - 1]!
    texts.push(bytes.toString('latin1', at, end))
    at = end
  }
  return texts
}
