import type { AnswerReader } from '../../answers/answer-reader.ts'
import { Rcode } from '../../dns/rcode.ts'
import {
  isInZone,
  isSameName,
  labelsOf,
  nameFromLabels,
  type WireName,
} from '../../dns/wire-name.ts'
import type { Query, Reply } from '../handler.ts'
import { scannedName } from '../scanned-name.ts'
import type { TableReplies } from '../table-replies.ts'

/** A name by topology zone: `eu-1.pin._zone.db.default.svc.cluster.local`. */
interface ZonalName {
  readonly directive: 'pin' | 'prefer'
  /** The Service. */
  readonly service: WireName
  /** `pin._zone.db.default.…`: in the table where the Service has names by zone. */
  readonly parent: WireName
}

/**
 * Names by zone that are not in the table, because no endpoint is in that zone: `pin` leads to nothing, `prefer` to all
 * endpoints there are.
 */
export class ZonalAnswers {
  readonly #reader: AnswerReader
  readonly #replies: TableReplies
  readonly #serviceZones: readonly WireName[]

  /** `serviceZones` are `svc.ZONE` of every forward zone. */
  constructor(reader: AnswerReader, replies: TableReplies, serviceZones: readonly WireName[]) {
    this.#reader = reader
    this.#replies = replies
    this.#serviceZones = serviceZones
  }

  isFor(name: WireName): boolean {
    return this.#parse(name) !== undefined
  }

  /** `undefined` for what the table knows more about: names in it, and Services without names by zone. */
  answer(query: Query): Reply | undefined {
    const zonal = this.#parse(query.name)
    const reader = this.#reader
    if (!zonal || reader.has(scannedName(query.name)) || !reader.has(scannedName(zonal.parent))) {
      return undefined
    }
    if (zonal.directive === 'pin') {
      const soa = reader.zoneSoa(scannedName(query.name))
      return { rcode: Rcode.noError, authoritative: true, authority: soa ? [soa] : [] }
    }
    const reply = this.#replies.answer({ ...query, name: zonal.service })
    return (
      reply && {
        ...reply,
        answers: (reply.answers ?? []).map(record =>
          isSameName(record.name, zonal.service) ? { ...record, name: query.name } : record,
        ),
      }
    )
  }

  #parse(name: WireName): ZonalName | undefined {
    const zone = this.#serviceZones.find(candidate => isInZone(name, candidate))
    if (!zone) return undefined
    const labels = labelsOf(name.subarray(0, name.length - zone.length))
    const [directive, marker] = labels.slice(-4)
    if (labels.length < 5 || marker !== '_zone') return undefined
    if (directive !== 'pin' && directive !== 'prefer') return undefined
    return {
      directive,
      service: nameFromLabels(labels.slice(-2), zone)!,
      parent: nameFromLabels(labels.slice(-4), zone)!,
    }
  }
}
