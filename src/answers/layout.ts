/*
 * The shared memory of an AnswerTable. One growable SharedArrayBuffer; every block starts at a multiple
 * of 16, so that words are aligned and a block's offset is never 0 or 1.
 *
 *   0                     64                                 64 + 64 × 64
 *   ┌─────────────────────┬──────────────────────────────────┬─────────────────────────────────▶
 *   │ head: 16 words      │ reader epochs, one per cache line │ blocks: index, zones, records …
 *   └──┬──────────────────┴──────────────────────────────────┴─────────────────────────────────▶
 *      │ word 0  index     offset of the index in force
 *      │ word 1  zones     offset of the list of zones in force, 0 before the first
 *      │ word 2  epoch     the writer's count of batches, from 1
 *      │ word 3  size      bytes of the buffer; grows before anything beyond it is reachable
 *      └ word 4  state     0 until the first full load is in the table: names that are missing are unknown
 *
 *   index     capacity │ hash, record │ hash, record │ …        capacity: a power of two, linear probing
 *                        record: 0 free, 1 deleted, else an offset
 *
 *   record    ┌───────────┬───────────┬───────────┬───────────┐
 *         +0  │ hash                                          │
 *         +4  │ answers   │ explicit  │ name bytes            │  explicit: put, not only an ancestor
 *         +8  │ children (the writer's own count; readers do not look)
 *        +12  │ block bytes (the writer's own)                │
 *        +16  │ name, lower case, wire form, padded to 4      │
 *             ├───────────────────────────────────────────────┤
 *             │ answers × 20 bytes, in the order of `put`:    │
 *         +0  │ type                  │ rcode     │ ending    │  ending: 0 none, 1 negative, 2 open
 *         +4  │ answer count          │ additional count      │
 *         +8  │ rotation offset       │ rotation count        │
 *        +12  │ rotation stride       │ byte length           │
 *        +16  │ offset of the bytes, from the record          │
 *             ├───────────────────────────────────────────────┤
 *             │ bytes of the answers                          │
 *             └───────────────────────────────────────────────┘
 *
 *   zones     count, block bytes │ per zone: name bytes, SOA bytes, pointer count, pointers[4] (u16 each), name, SOA; padded to 2
 *
 * A block is never changed once a reader can reach it (the two counts of the writer excepted). The writer makes
 * a new one, swaps the word that leads to it, and keeps the old one until no reader is left from an epoch
 * in which it could have been seen.
 */
const headWords = 16
export const Head = { index: 0, zones: 1, epoch: 2, size: 3, state: 4 } as const

export const maxReaders = 64
/** Words from one reader's epoch to the next: a cache line, so that threads do not disturb each other. */
const readerStride = 16
export const firstBlock = (headWords + maxReaders * readerStride) * 4

export const blockAlignment = 16

export const slotFree = 0
export const slotDeleted = 1

export const Rec = {
  hash: 0,
  answers: 4,
  explicit: 5,
  nameBytes: 6,
  children: 8,
  block: 12,
  name: 16,
} as const
export const Entry = {
  type: 0,
  rcode: 2,
  ending: 3,
  answerCount: 4,
  additionalCount: 6,
  rotationOffset: 8,
  rotationCount: 10,
  rotationStride: 12,
  byteLength: 14,
  bytes: 16,
} as const
export const entryBytes = 20

/** Numbers of the endings in a record. */
export const endingNumbers = { whole: 0, negative: 1, open: 2 } as const

export const maxZonePointers = 4
export const zoneHeadBytes = 6 + maxZonePointers * 2

/** The word of reader `index` that says which epoch it reads in; 0 while it reads nothing. */
export function readerWord(index: number): number {
  return headWords + index * readerStride
}

export function alignUp(value: number, alignment: number): number {
  return (value + alignment - 1) & ~(alignment - 1)
}
