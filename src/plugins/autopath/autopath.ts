import { readFileSync } from 'node:fs'
import type { Directive } from '../../corefile/directive.ts'
import { text } from '../../corefile/text-arguments.ts'
import { parseZoneNames } from '../../corefile/zone-names.ts'
import { Rcode } from '../../dns/rcode.ts'
import { RrType } from '../../dns/rr-type.ts'
import {
  isInZone,
  isSameName,
  lowerCaseName,
  maxNameBytes,
  nameFromLabels,
  parseName,
  type WireName,
} from '../../dns/wire-name.ts'
import type { Counter } from '../../lib/metric-cells.ts'
import type { Next, Query, Reply } from '../handler.ts'
import { findClientPod } from '../client-pod.ts'
import { scannedName } from '../scanned-name.ts'
import { mapAnswer } from '../map-answer.ts'
import type { BlockPlace, Plugin } from '../plugin.ts'
import type { ServingContext } from '../serving-context.ts'

/** What an `autopath` directive says. */
interface AutopathSettings {
  readonly zones: readonly string[]
  /** What a file has, or `@kubernetes`: the search path of the pod that asks. */
  readonly path: SearchPath | typeof ofPods
  readonly hasKubernetes: boolean
}

type SearchPath = readonly WireName[]

const ofPods = '@kubernetes'
const rootName: WireName = new Uint8Array(1)
const firstMetaType = 128

/**
 * Walks the client's search path in its place: a name that does not exist in the first domain of the path is looked for in the others,
 * and the client gets a CNAME to where it is.
 */
export const autopath: Plugin<AutopathSettings> = {
  name: 'autopath',
  read: readAutopath,
  check(directive, { settingsOf }) {
    if (settingsOf(this.name)[0]?.['path'] !== ofPods) return
    const [cluster] = settingsOf('kubernetes')
    if (!cluster) throw directive.fail(`${ofPods} needs kubernetes in the same server block`)
    const { pods } = cluster
    if (pods === 'verified') return
    throw directive.fail(
      `${ofPods} needs "pods verified" in the kubernetes of the same server block, which has "pods ${String(pods)}": nobody else knows which pod asks`,
    )
  },
  serve: ([settings], context) => {
    const { path, hasKubernetes } = settings!
    const zones = settings!.zones.map(zone => parseName(zone)!)
    const isOurs = (name: WireName): boolean => zones.some(zone => isInZone(name, zone))
    const host = path === ofPods ? hostSearch() : []
    const searchOf = (query: Query): SearchPath =>
      path === ofPods ? podSearch(query, context, host) : path
    const { server } = context.block
    const found = context.metrics.counter('coredns_autopath_success_total', { server })
    return {
      handle: (query, next) => {
        if (query.type >= firstMetaType || !isOurs(query.name)) return next()
        const search = searchOf(query)
        const [first, ...others] = search
        if (!first || !isInZone(query.name, first) || query.name.length === first.length)
          return next()
        return mapAnswer(next(), now =>
          now.rcode === Rcode.nxDomain
            ? walk(query, now, { next, found, first, others: [...others, rootName] })
            : now,
        )
      },
      // What the table has is what the first domain has: only what it does not have goes on.
      ...(hasKubernetes && {
        table: {
          isMissingOpen: ({ name, nameBytes }) => isOurs(name.subarray(0, nameBytes)),
          aliases: 'answer',
        },
      }),
    }
  },
}

interface Walk {
  readonly next: Next
  readonly found: Counter
  readonly first: WireName
  readonly others: SearchPath
}

/** The first of the other domains that has the name; the reply of the first domain where none has. */
async function walk(
  query: Query,
  firstReply: Reply,
  { next, found, first, others }: Walk,
): Promise<Reply> {
  const head = query.spelling.subarray(0, query.spelling.length - first.length)
  for (const domain of others) {
    if (head.length + domain.length > maxNameBytes) continue
    const spelling = Uint8Array.from([...head, ...domain])
    const reply = await next({ ...query, name: lowerCaseName(spelling), spelling })
    if (reply.rcode !== Rcode.noError) continue
    found.add(1)
    const { answers = [] } = reply
    const [record] = answers
    if (!record || isSameName(record.name, query.name)) return reply
    const alias = {
      name: query.spelling,
      type: RrType.cname,
      ttlSeconds: record.ttlSeconds,
      rdata: record.name,
    }
    return { ...reply, answers: [alias, ...answers] }
  }
  return firstReply
}

/** As a pod's resolv.conf has it: its namespace, Services, the cluster, and what the node has. None for who is no pod. */
function podSearch(query: Query, context: ServingContext, host: SearchPath): SearchPath {
  const zone = context.reader.zoneSoa(scannedName(query.name))?.name
  const namespace = zone && findClientPod(context.clients, query.client.address)?.namespace
  const services = zone && nameFromLabels(['svc'], zone)
  const own = services && namespace !== undefined && nameFromLabels([namespace], services)
  return own ? [own, services, zone, ...host] : []
}

/** The search path of the server's own machine, which pods have too; none where there is no such file. */
function hostSearch(): SearchPath {
  try {
    return readSearch('/etc/resolv.conf')
  } catch {
    // A container may have none; pods have a search path without it.
    return []
  }
}

/** The last `search` or `domain` line counts, resolv.conf(5). */
function readSearch(path: string): SearchPath {
  const lines = readFileSync(path, 'utf8').split('\n')
  const last = lines.findLast(line => /^\s*(?:search|domain)\s/.test(line)) ?? ''
  const names = last.trim().split(/\s+/).slice(1)
  return names.flatMap(name => {
    const parsed = parseName(name)
    return parsed ? [lowerCaseName(parsed)] : []
  })
}

function readFileOf(directive: Directive, path: string): SearchPath {
  try {
    return readSearch(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw directive.fail(
      `expected ${ofPods} or a file like /etc/resolv.conf, not "${path}", which cannot be read (${code})`,
    )
  }
}

function readAutopath(directive: Directive, place: BlockPlace): AutopathSettings {
  const words = [directive.one(text), ...directive.rest(text)]
  directive.end()
  const path = words.pop()!
  const hasKubernetes = place.plugins.has('kubernetes')
  const zones = words.flatMap(word => {
    const parsed = parseZoneNames(word)
    if (!parsed)
      throw directive.fail(`expected a zone like example.org, not ${JSON.stringify(word)}`)
    return parsed
  })
  if (path.startsWith('@') && path !== ofPods) {
    throw directive.fail(`only ${ofPods} knows search paths, not "${path}"`)
  }
  return {
    zones: zones.length > 0 ? zones : place.zones,
    path: path === ofPods ? path : readFileOf(directive, path),
    hasKubernetes,
  }
}
