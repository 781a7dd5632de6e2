import { oneOf } from '../../corefile/text-arguments.ts'
import { classIn } from '../../dns/header.ts'
import { isInZone, parseName, type WireName } from '../../dns/wire-name.ts'
import type { Handler } from '../handler.ts'
import type { Plugin } from '../plugin.ts'
import { isScanIn } from '../scan-zones.ts'
import { answerLocalhost, answerReverse, answerZone } from './local-replies.ts'

interface LocalSettings {
  /** Names that begin with `localhost.` are the client itself, wherever they are. */
  readonly takesPrefix: boolean
}

const localhost = parseName('localhost')!
const reverseZones = ['0', '127', '255'].map(octet => parseName(`${octet}.in-addr.arpa`)!)
const zones = [localhost, ...reverseZones]
/** Length byte and letters. */
const localhostLabel = localhost.subarray(0, -1)

/** Answers for names of the machine itself, so that they go nowhere else. RFC 6761 §6.3, RFC 6303 §4. */
export const local: Plugin<LocalSettings> = {
  name: 'local',
  read(directive) {
    let takesPrefix = true
    directive.block({
      localhost_prefix: line => {
        takesPrefix = line.one(oneOf('on', 'off')) === 'on'
      },
    })
    return { takesPrefix }
  },
  serve([settings], context) {
    const { takesPrefix } = settings!
    const requests = context.metrics.counter('coredns_local_localhost_requests_total')
    const handle: Handler = (query, next) => {
      const { name } = query
      if (query.class !== classIn) return next()
      const isBelow = name.length > localhost.length && isInZone(name, localhost)
      if (isBelow || (takesPrefix && hasPrefix(name, name.length))) {
        requests.add()
        return answerLocalhost(query)
      }
      if (isInZone(name, localhost)) return answerZone(query, localhost)
      const zone = reverseZones.find(reverse => isInZone(name, reverse))
      return zone ? answerReverse(query, zone) : next()
    }
    return {
      handle,
      leavesClusterAnswers: scan =>
        !isScanIn(scan, zones) && !(takesPrefix && hasPrefix(scan.name, scan.nameBytes)),
    }
  },
}

/** True for `localhost.default.svc.cluster.local`, not for `localhost` itself. */
function hasPrefix(name: WireName, nameBytes: number): boolean {
  if (nameBytes <= localhost.length) return false
  for (let i = 0; i < localhostLabel.length; i++) if (name[i] !== localhostLabel[i]) return false
  return true
}
