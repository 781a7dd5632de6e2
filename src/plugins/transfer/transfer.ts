import type { Directive } from '../../corefile/directive.ts'
import { hostPort } from '../../corefile/address-arguments.ts'
import type { Argument } from '../../corefile/argument.ts'
import { Rcode } from '../../dns/rcode.ts'
import type { ResourceRecord } from '../../dns/resource-record.ts'
import { isTransferType, RrType } from '../../dns/rr-type.ts'
import { isSerialCurrent, serialOfSoa } from '../../dns/soa-serial.ts'
import { isInZone, parseName, renderName } from '../../dns/wire-name.ts'
import { canonicalIp } from '../../lib/ip.ts'
import type { Query, Reply } from '../handler.ts'
import { mapAnswer } from '../map-answer.ts'
import type { BlockPlace, Plugin } from '../plugin.ts'
import type { PluginLog } from '../serving-context.ts'
import { allowTransfer } from '../allowed-transfer.ts'
import { readZones } from '../read-zones.ts'

/** What a `transfer` directive says. */
interface TransferSettings {
  readonly zones: readonly string[]
  /** Addresses in canonical form, or `*` for every client. */
  readonly to: readonly string[]
}

/**
 * Lets clients have whole zones: AXFR, RFC 5936, and IXFR as far as "nothing is new" or the whole zone, RFC 1995 §4. The records
 * come from the links behind that hold zones.
 */
export const transfer: Plugin<TransferSettings> = {
  name: 'transfer',
  isRepeatable: true,
  read: readTransfer,
  serve: (settings, { log }) => {
    const rules = settings
      .flatMap(({ zones, to }) => zones.map(zone => ({ zone: parseName(zone)!, to: new Set(to) })))
      .toSorted((a, b) => b.zone.length - a.zone.length)
    return {
      leavesClusterAnswers: true,
      handle: (query, next) => {
        if (!isTransferType(query.type)) return next()
        const rule = rules.find(({ zone }) => isInZone(query.name, zone))
        if (query.client.transport === 'udp') return refused
        if (!rule) return next()
        const isAllowed = rule.to.has('*') || rule.to.has(canonicalIp(query.client.address) ?? '')
        if (!isAllowed) return refused
        return mapAnswer(next(allowTransfer(query)), reply => sendOff(query, reply, log))
      },
    }
  },
}

const refused: Reply = { rcode: Rcode.refused, authoritative: false }

/** One message of a transfer: compression reaches no further, RFC 1035 §4.1.4. */
const messageRecordBytes = 16_000
const fixedRecordBytes = 10

const anyone: Argument<string> = {
  expected: 'an address like 10.0.0.1, or *',
  parse(word) {
    if (word === '*') return word
    const address = hostPort(53).parse(word)
    return address && canonicalIp(address.host)
  },
}

function readTransfer(directive: Directive, place: BlockPlace): TransferSettings {
  const zones = readZones(directive, place.zones)
  const to: string[] = []
  directive.block({
    to: line => to.push(line.one(anyone), ...line.rest(anyone)),
    source: line => {
      throw line.fail('NOTIFY is not sent, so there is no address to send it from')
    },
  })
  if (to.length === 0) throw directive.fail("'to' is required")
  return { zones, to }
}

/** The reply of the link that holds the zone, in messages of a fair size. */
function sendOff(query: Query, reply: Reply, log: PluginLog): Reply {
  const { answers = [] } = reply
  const [soa] = answers
  if (reply.rcode !== Rcode.noError || soa?.type !== RrType.soa) return reply
  const zone = `zone ${renderName(query.name)} to ${query.client.address}`
  const serial = serialOfSoa(soa)
  if (query.type === RrType.ixfr && isNothingNew(query, serial)) {
    log.info('transfer', `nothing new in ${zone}: serial ${serial}`)
    return { ...reply, answers: [soa] }
  }
  log.info('transfer', `${answers.length} records of ${zone}: serial ${serial}`)
  const [first = [], ...moreAnswers] = intoMessages(answers)
  return { ...reply, answers: first, moreAnswers }
}

function isNothingNew({ knownSerial }: Query, serial: number): boolean {
  return knownSerial !== undefined && isSerialCurrent(knownSerial, serial)
}

function intoMessages(records: readonly ResourceRecord[]): ResourceRecord[][] {
  const messages: ResourceRecord[][] = []
  let room = 0
  for (const record of records) {
    const size = record.name.length + fixedRecordBytes + record.rdata.length
    if (size > room) {
      messages.push([])
      room = messageRecordBytes
    }
    messages.at(-1)!.push(record)
    room -= size
  }
  return messages
}
