import { classIn } from '../../dns/header.ts'
import { isTransferType } from '../../dns/rr-type.ts'
import type { Directive } from '../../corefile/directive.ts'
import { durationMs } from '../../corefile/duration-arguments.ts'
import { text } from '../../corefile/text-arguments.ts'
import { Rcode } from '../../dns/rcode.ts'
import { isInZone, isSameName, parseName, renderName, type WireName } from '../../dns/wire-name.ts'
import type { Answer, Query, Reply } from '../handler.ts'
import { followAlias } from '../follow-alias.ts'
import type { BlockPlace, Plugin } from '../plugin.ts'
import type { ServingContext } from '../serving-context.ts'
import { isTransferAllowed } from '../allowed-transfer.ts'
import { readZones } from '../read-zones.ts'
import { answerFromZone } from './zone-answers.ts'
import type { ZoneData } from './zone-data.ts'
import { ZoneFileSource } from './zone-file-source.ts'

/** What a `file` directive says. */
interface FileSettings {
  readonly path: string
  readonly zones: readonly string[]
  readonly reloadMs: number
  readonly newBy: 'serial' | 'mtime'
  readonly fallthrough: readonly string[]
}

interface ServedZone {
  readonly apex: WireName
  readonly fallthrough: readonly WireName[]
  readonly source: ZoneFileSource
}

/** Zones out of zone files, answered with authority. */
export const file: Plugin<FileSettings> = {
  name: 'file',
  isRepeatable: true,
  read: readFileDirective,
  serve: (settings, context) => {
    const zones = settings
      .flatMap(setting => setting.zones.map(zone => serveZone(zone, setting, context)))
      .toSorted((a, b) => b.apex.length - a.apex.length)
    return {
      handle: (query, next) => {
        if (query.class !== classIn) return next()
        const zone = zones.find(({ apex }) => isInZone(query.name, apex))
        if (!zone) return next()
        const { data, isRead } = zone.source
        const answer = (now: ZoneData | undefined): Answer =>
          answerQuery(query, { zone, data: now, next: () => next(), askServer: context.askServer })
        return data ? answer(data) : isRead.then(() => answer(zone.source.data))
      },
    }
  },
}

function serveZone(zone: string, settings: FileSettings, context: ServingContext): ServedZone {
  const { path, reloadMs, newBy } = settings
  const options = { path, zone, reloadMs, newBy }
  return {
    apex: parseName(zone)!,
    fallthrough: settings.fallthrough.map(name => parseName(name)!),
    source: context.keep(
      `file ${JSON.stringify(options)}`,
      () => new ZoneFileSource(options, context.log),
    ),
  }
}

interface Asked extends Pick<ServingContext, 'askServer'> {
  readonly zone: ServedZone
  readonly data: ZoneData | undefined
  readonly next: () => Answer
}

function answerQuery(query: Query, { zone, data, next, askServer }: Asked): Answer {
  if (isTransferType(query.type)) return transferReply(query, data)
  if (!data) {
    const error = `there is no zone ${renderName(zone.apex)} yet`
    return { rcode: Rcode.servFail, authoritative: false, error }
  }
  const { isOpen, ...reply } = answerFromZone(data, query)
  const fallsThrough = zone.fallthrough.some(below => isInZone(query.name, below))
  if (reply.rcode === Rcode.nxDomain && reply.answers.length === 0 && fallsThrough) return next()
  return isOpen ? followAlias(query, reply, askServer) : reply
}

function transferReply(query: Query, data: ZoneData | undefined): Reply {
  const isApex = data !== undefined && isSameName(data.apex, query.name)
  if (!isApex || !isTransferAllowed(query)) return { rcode: Rcode.refused, authoritative: false }
  const rest = data.records.filter(record => record !== data.soa)
  return { rcode: Rcode.noError, authoritative: true, answers: [data.soa, ...rest, data.soa] }
}

function readFileDirective(directive: Directive, place: BlockPlace): FileSettings {
  const path = directive.one(text)
  const zones = readZones(directive, place.zones)
  let reloadMs = 60_000
  let newBy: FileSettings['newBy'] = 'serial'
  let fallthrough: readonly string[] = []
  directive.block({
    reload: line => {
      reloadMs = line.one(durationMs)
    },
    reload_by_mtime: () => {
      newBy = 'mtime'
    },
    fallthrough: line => {
      fallthrough = readZones(line, ['.'])
    },
    upstream: line => void line.rest(text),
  })
  return { path, zones, reloadMs, newBy, fallthrough }
}
