import { otherTypes } from '../answers/compiled-answer.ts'
import { Rcode } from '../dns/rcode.ts'
import { RrType } from '../dns/rr-type.ts'
import { isInZone, lowerCaseName, parseName, renderName, type WireName } from '../dns/wire-name.ts'
import type { ServiceView } from '../store/cluster.ts'
import type { Answer, NameRecord, ResourceRecord } from './resource-record.ts'
import { dependencyOf, lookupName, type LookupContext } from './zone-lookup.ts'

/** CNAMEs of one answer. CoreDNS follows as many and answers nothing where there are more. */
const maxLinks = 11

/** Where following an ExternalName Service ends. */
type ChainEnd =
  /** Outside the zone, or too far away: the client goes on from the last CNAME. */
  | { readonly kind: 'open' }
  /** Back at a name of the chain. */
  | { readonly kind: 'loop' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'found'; readonly answers: readonly Answer[] }

/** The zone's name of what an ExternalName Service names; `undefined` where that is no legal name. */
export function aliasTarget(view: ServiceView): WireName | undefined {
  const target = parseName(view.service?.externalName ?? '')
  return target && target.length > 1 ? target : undefined
}

/** What an ExternalName Service depends on; `undefined` when its target is outside the zone. */
export function aliasDependency(view: ServiceView, apex: WireName): string | undefined {
  const target = aliasTarget(view)
  const name = target && lowerCaseName(target)
  return name && isInZone(name, apex) ? dependencyOf(name, apex) : undefined
}

/**
 * The answers of an ExternalName Service: its CNAME to every type (RFC 1034 §4.3.2), followed inside
 * the zone. A target that does not exist makes the answer NXDOMAIN behind the CNAME (RFC 6604 §3), one
 * without the type NODATA. A chain that comes back to itself answers its first CNAME only when asked for it.
 */
export function aliasAnswers(
  view: ServiceView,
  base: WireName,
  context: LookupContext,
): readonly Answer[] {
  const { links, end } = followChain(view, base, context)
  const cname: Answer = {
    type: RrType.cname,
    rcode: Rcode.noError,
    ending: 'whole',
    records: links.slice(0, 1),
    additional: [],
  }
  const unknown: Answer = { ...cname, type: otherTypes, records: links }
  switch (end.kind) {
    case 'loop':
      return [cname]
    case 'open':
      return [cname, { ...unknown, ending: 'open' }]
    case 'missing':
      return [cname, { ...unknown, rcode: Rcode.nxDomain, ending: 'negative' }]
    case 'found':
    default:
      return [
        cname,
        ...end.answers.map(answer => behind(links, answer)),
        { ...unknown, ending: 'negative' },
      ]
  }
}

function followChain(
  view: ServiceView,
  base: WireName,
  context: LookupContext,
): { links: readonly NameRecord[]; end: ChainEnd } {
  const { frame } = context
  const links: NameRecord[] = []
  const seen = new Set([renderName(base)])
  let name = base
  for (let alias = view; ;) {
    const target = aliasTarget(alias)
    if (!target) return { links, end: { kind: 'missing' } }
    links.push({ type: RrType.cname, name, ttlSeconds: frame.ttlSeconds, target })
    const lowerCase = lowerCaseName(target)
    if (seen.has(renderName(lowerCase))) return { links, end: { kind: 'loop' } }
    if (!isInZone(lowerCase, frame.apex)) return { links, end: { kind: 'open' } }
    seen.add(renderName(lowerCase))
    const found = lookupName(lowerCase, context)
    if (!found) return { links, end: { kind: 'missing' } }
    if (!found.alias) return { links, end: { kind: 'found', answers: found.answers } }
    if (links.length === maxLinks) return { links, end: { kind: 'open' } }
    alias = found.alias
    name = target
  }
}

/** The answer of the chain's last name with the chain before it. */
function behind(links: readonly NameRecord[], answer: Answer): Answer {
  const target = links.at(-1)!.target
  const owned = answer.records.map((record): ResourceRecord => ({ ...record, name: target }))
  return { ...answer, records: [...links, ...owned] }
}
