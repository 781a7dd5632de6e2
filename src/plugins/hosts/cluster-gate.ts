import type { AnswerReader } from '../../answers/answer-reader.ts'
import { hashName } from '../../dns/name-hash.ts'
import type { QueryScan } from '../../dns/query-scan.ts'
import { parseName } from '../../dns/wire-name.ts'
import type { HostTable } from './host-table.ts'
import { isWildcard } from './host-table.ts'
import type { HostsFile } from './hosts-file.ts'

/**
 * Says which questions the fast path may answer past a hosts file: all but those about names in the cluster's zones that the
 * file has, too. Worked out once for each content of the file.
 */
export class ClusterGate {
  readonly #file: HostsFile
  readonly #reader: AnswerReader
  #tables: readonly HostTable[] | undefined
  /** Hashes of the names: one that is alike by chance only takes the longer way. */
  #taken = new Set<number>()
  #hasWildcard = false

  constructor(file: HostsFile, reader: AnswerReader) {
    this.#file = file
    this.#reader = reader
  }

  leavesAlone({ nameHash }: QueryScan): boolean {
    if (this.#tables !== this.#file.tables) {
      // The zones are all known when the table is complete. Until then there is nothing to be fast about.
      if (!this.#reader.isComplete) return false
      this.#tables = this.#file.tables
      this.#compute(this.#tables)
    }
    return !this.#hasWildcard && !this.#taken.has(nameHash)
  }

  #compute(tables: readonly HostTable[]): void {
    this.#taken = new Set()
    this.#hasWildcard = false
    this.#reader.enter()
    try {
      for (const { ipv4, ipv6, reverse } of tables) {
        for (const map of [ipv4, ipv6, reverse]) for (const name of map.keys()) this.#take(name)
      }
    } finally {
      this.#reader.leave()
    }
  }

  #take(text: string): void {
    const name = parseName(text)!
    const nameHash = hashName(name)
    if (!this.#reader.isInZone({ name, nameBytes: name.length, nameHash })) return
    if (isWildcard(text)) this.#hasWildcard = true
    else this.#taken.add(nameHash)
  }
}
