import type { AnswerReader } from '../../answers/answer-reader.ts'
import { Rcode } from '../../dns/rcode.ts'
import type { ResourceRecord } from '../../dns/resource-record.ts'
import { RrType } from '../../dns/rr-type.ts'
import { isInZone, type WireName } from '../../dns/wire-name.ts'
import type { Query, Reply } from '../handler.ts'
import { parsePodName } from './pod-names.ts'
import { scannedName } from '../scanned-name.ts'

export interface PodAnswersOptions {
  /** `pod.ZONE` of every zone. */
  readonly podZones: readonly WireName[]
  readonly ttlSeconds: number
}

/** The names of `pods insecure`, which exist for every address there is and say it themselves. */
export class PodAnswers {
  readonly #reader: AnswerReader
  readonly #options: PodAnswersOptions

  constructor(reader: AnswerReader, options: PodAnswersOptions) {
    this.#reader = reader
    this.#options = options
  }

  isFor(name: WireName): boolean {
    return this.#zoneOf(name) !== undefined
  }

  /** `undefined` for a name that is no pod's, or that the table has. */
  answer({ name, type }: Query): Reply | undefined {
    const zone = this.#zoneOf(name)
    if (!zone || this.#reader.has(scannedName(name)) || !this.#reader.isComplete) return undefined
    this.#reader.enter()
    try {
      return this.#answer(name, type, zone)
    } finally {
      this.#reader.leave()
    }
  }

  #answer(name: WireName, type: number, zone: WireName): Reply {
    const pod = parsePodName(name, zone)
    if (!pod || !this.#reader.has(scannedName(pod.namespaceName))) {
      return this.#negative(name, Rcode.nxDomain)
    }
    const address: ResourceRecord = {
      name,
      type: pod.address.length === 4 ? RrType.a : RrType.aaaa,
      ttlSeconds: this.#options.ttlSeconds,
      rdata: pod.address,
    }
    if (type === address.type || type === RrType.any) return positive([address])
    if (type === RrType.srv) {
      return positive([serviceOf(address, pod.name)], [{ ...address, name: pod.name }])
    }
    return this.#negative(name, Rcode.noError)
  }

  #zoneOf(name: WireName): WireName | undefined {
    return this.#options.podZones.find(zone => isInZone(name, zone))
  }

  #negative(name: WireName, rcode: number): Reply {
    const soa = this.#reader.zoneSoa(scannedName(name))
    return { rcode, authoritative: true, authority: soa ? [soa] : [] }
  }
}

function positive(
  answers: readonly ResourceRecord[],
  additional: readonly ResourceRecord[] = [],
): Reply {
  return { rcode: Rcode.noError, authoritative: true, answers, additional }
}

/** SRV of a pod name: port 0, weight 100, the pod itself, as CoreDNS answers it. */
function serviceOf({ name, ttlSeconds }: ResourceRecord, target: WireName): ResourceRecord {
  const rdata = new Uint8Array(6 + target.length)
  rdata[3] = 100
  rdata.set(target, 6)
  return { name, type: RrType.srv, ttlSeconds, rdata }
}
