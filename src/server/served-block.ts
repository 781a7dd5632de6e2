import type { QueryScan } from '../dns/query-scan.ts'
import { classIn } from '../dns/header.ts'
import type { WireName } from '../dns/wire-name.ts'
import type { TableLimits } from '../answers/table-answers.ts'
import type { Chain, NamedLink } from '../plugins/chain.ts'
import type { Exchange } from '../plugins/exchange.ts'
import type { Query } from '../plugins/handler.ts'

/** Types that are questions about a zone or several types: the chain has to know. RFC 6895 §3.1. */
const firstMetaType = 128
const lastMetaType = 255

/** A server block at work in one serving thread: its zones, its chain, and whether the fast path may stand in for it. */
export class ServedBlock {
  readonly zones: readonly WireName[]
  readonly chain: Chain
  /** Name of the link whose answers the fast path gives. */
  readonly tableLink: string
  readonly limits: TableLimits | undefined
  readonly #gates: readonly ((scan: QueryScan) => boolean)[]
  readonly #observers: readonly NonNullable<NamedLink['observe']>[]
  readonly #tableObservers: readonly NonNullable<NamedLink['observe']>[]
  readonly #filters: readonly NonNullable<NamedLink['accepts']>[]
  readonly #takesOtherClasses: boolean
  /** A block without a link is there to refuse. */
  readonly hasLinks: boolean

  /** `zones` are lower case. */
  constructor(zones: readonly WireName[], chain: Chain) {
    this.zones = zones
    this.chain = chain
    const { links } = chain
    const tables = links.filter(link => link.table !== undefined)
    const before = links
      .slice(0, Math.max(links.indexOf(tables.at(-1)!), 0))
      .filter(link => link.table === undefined)
    const isOpen = before.every(
      ({ leavesClusterAnswers: leaves }) => leaves !== undefined && leaves !== false,
    )
    this.limits = isOpen ? joinLimits(tables.flatMap(({ table }) => table ?? [])) : undefined
    this.tableLink = tables.at(-1)?.name ?? ''
    this.#gates = before.flatMap(({ leavesClusterAnswers: leaves }) =>
      typeof leaves === 'function' ? [leaves] : [],
    )
    this.#observers = links.flatMap(link => link.observe ?? [])
    this.#tableObservers = links
      .filter(({ observes }) => observes !== 'chain')
      .flatMap(link => link.observe ?? [])
    this.#filters = links.flatMap(link => link.accepts ?? [])
    this.hasLinks = links.length > 0
    this.#takesOtherClasses = links.some(link => link.takesOtherClasses)
  }

  /** True when the table's answer to this question is what the chain would answer. */
  isFast(scan: QueryScan): boolean {
    if (this.limits === undefined || scan.class !== classIn) return false
    if (scan.type >= firstMetaType && scan.type <= lastMetaType) return false
    for (let i = 0; i < this.#gates.length; i++) if (!this.#gates[i]!(scan)) return false
    return true
  }

  takesClass(number: number): boolean {
    return number === classIn || this.#takesOtherClasses
  }

  get isObserved(): boolean {
    return this.#observers.length > 0
  }

  observe(exchange: Exchange): void {
    for (let i = 0; i < this.#observers.length; i++) this.#observers[i]!(exchange)
  }

  /** Somebody hears of replies of the fast path too. */
  get isTableObserved(): boolean {
    return this.#tableObservers.length > 0
  }

  observeTable(exchange: Exchange): void {
    for (let i = 0; i < this.#tableObservers.length; i++) this.#tableObservers[i]!(exchange)
  }

  get isFiltered(): boolean {
    return this.#filters.length > 0
  }

  accepts(query: Query): boolean {
    const prepared = this.chain.prepare(query)
    return this.#filters.every(accepts => accepts(prepared))
  }
}

/** Several links that answer from the table share it: what any of them leaves to the chain is left. */
function joinLimits(limits: readonly TableLimits[]): TableLimits | undefined {
  if (limits.length < 2) return limits[0]
  return {
    isMissingOpen: scan => limits.some(limit => limit.isMissingOpen(scan)),
    aliases: limits.some(({ aliases }) => aliases === 'leave') ? 'leave' : 'answer',
  }
}
