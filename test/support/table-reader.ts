import { parentPort, workerData } from 'node:worker_threads'
import { AnswerReader } from '../../src/answers/answer-reader.ts'
import { hashName } from '../../src/dns/name-hash.ts'
import { parseName } from '../../src/dns/wire-name.ts'

/* A thread of the stress test of AnswerTable: reads until told to stop and reports every answer that is not whole. */

const { buffer, number, names, shared } = workerData as {
  buffer: SharedArrayBuffer
  number: number
  names: number
  shared: Int32Array
}
const reader = new AnswerReader(buffer, number)
const target = Buffer.alloc(4096)
const wrong: string[] = []
let reads = 0
let found = 0
const scans = Array.from({ length: names }, (_, i) => {
  const name = parseName(`web-${i}.cluster.local`)!
  return { name, nameBytes: name.length, nameHash: hashName(name) }
})

while (Atomics.load(shared, 0) === 0 && wrong.length < 10) {
  for (const [i, scan] of scans.entries()) {
    reads++
    reader.enter()
    const result = reader.lookup(scan, 1)
    if (result === 'found') {
      found++
      shared[number] = found
      const end = reader.copyAnswer(target, 0, reads)
      const turn = reads % (end / 16)
      for (let at = 0; at < end; at += 16) {
        const address = target.readUInt32BE(at + 12) - 0x0a000000
        const expected = (i << 12) + ((at / 16 + turn) % (end / 16))
        if (target.readUInt16BE(at) !== 0xc00c || address !== expected) {
          wrong.push(`web-${i}: ${target.subarray(at, at + 16).toString('hex')} at ${at} of ${end}`)
          break
        }
      }
    } else if (result === 'missing') {
      const end = reader.copySoa(target, 0)
      if (end !== reader.soaBytes || target.readUInt16BE(19) !== target.readUInt16BE(32))
        wrong.push(`SOA of web-${i}`)
    } else {
      wrong.push(`web-${i}: ${result}`)
    }
    reader.leave()
  }
}
parentPort!.postMessage({ reads, found, wrong })
