import { EdnsCode, type EdnsOption } from '../../dns/edns.ts'
import { Rcode } from '../../dns/rcode.ts'
import { isInZone, parseName, type WireName } from '../../dns/wire-name.ts'
import { cidrContains } from '../../lib/cidr.ts'
import { type IpBytes, isIpv4Mapped, parseIp } from '../../lib/ip.ts'
import type { Handler, Query, Reply } from '../handler.ts'
import type { Plugin } from '../plugin.ts'
import { isScanIn } from '../scan-zones.ts'
import { type AclPolicy, type AclSettings, readAcl } from './read-acl.ts'

/** Extended errors, RFC 8914 §4.16 and §4.18. */
const blocked: EdnsOption = { code: EdnsCode.extendedError, data: Uint8Array.of(0, 15) }
const filtered: EdnsOption = { code: EdnsCode.extendedError, data: Uint8Array.of(0, 17) }

const replies: Readonly<Record<Exclude<AclPolicy['action'], 'allow'>, Reply>> = {
  block: { rcode: Rcode.refused, authoritative: false, options: [blocked] },
  filter: { rcode: Rcode.noError, authoritative: false, options: [filtered] },
  drop: { rcode: Rcode.noError, authoritative: false, isDropped: true },
}

const counterNames = { block: 'blocked', filter: 'filtered', drop: 'dropped' } as const

/** Who may ask what, by the address of the client. */
export const acl: Plugin<AclSettings> = {
  name: 'acl',
  isRepeatable: true,
  read: readAcl,
  serve: (settings, { metrics, block }) => {
    const rules = settings.map(({ zones, policies }) => ({
      zones: zones.map(toRuleZone),
      policies,
    }))
    const labels = { server: block.server, view: block.view }
    const allowed = metrics.counter('coredns_acl_allowed_requests_total', labels)

    const handle: Handler = (query, next) => {
      const client = clientAddress(query)
      for (const { zones, policies } of rules) {
        const zone = longestZone(zones, query.name)
        if (!zone) continue
        const action = client
          ? policies.find(policy => isFor(policy, query.type, client))?.action
          : 'block'
        if (action === undefined) continue
        if (action === 'allow') break
        metrics
          .counter(`coredns_acl_${counterNames[action]}_requests_total`, {
            ...labels,
            zone: zone.text,
          })
          .add()
        return replies[action]
      }
      allowed.add()
      return next()
    }

    /** What a rule may refuse somebody: all that is not allowed to all. */
    const guards = rules.flatMap(({ zones, policies }) => {
      const names = zones.map(({ name }) => name)
      return policies
        .filter(({ action }) => action !== 'allow')
        .map(({ types }) => ({ types, zones: names }))
    })
    return {
      handle,
      leavesClusterAnswers: scan => {
        for (let i = 0; i < guards.length; i++) {
          const { types, zones } = guards[i]!
          if ((types === 'all' || types.includes(scan.type)) && isScanIn(scan, zones)) return false
        }
        return true
      },
      // On the fast path nobody else does; every one that it answers is allowed.
      observe: ({ query }) => {
        if (!query) allowed.add()
      },
    }
  },
}

interface RuleZone {
  readonly name: WireName
  readonly text: string
}

function toRuleZone(text: string): RuleZone {
  return { name: parseName(text)!, text }
}

function longestZone(zones: readonly RuleZone[], name: WireName): RuleZone | undefined {
  let longest: RuleZone | undefined
  for (const zone of zones) {
    if (isInZone(name, zone.name) && zone.name.length > (longest?.name.length ?? 0)) longest = zone
  }
  return longest
}

function isFor({ types, nets }: AclPolicy, type: number, client: IpBytes): boolean {
  if (types !== 'all' && !types.includes(type)) return false
  return nets === 'all' || nets.some(net => cidrContains(net, client))
}

/** The scope of a link-local address says nothing of who it is; an IPv4-mapped one is IPv4. */
function clientAddress({ client }: Query): IpBytes | undefined {
  const address = parseIp(client.address.replace(/%.*/, ''))
  return address && isIpv4Mapped(address) ? address.slice(12) : address
}
