import packet from 'dns-packet'
import t from 'tap'
import { encodeQuery } from '../../test/support/query-cases.ts'
import type { CompiledAnswer } from '../answers/compiled-answer.ts'
import { RrType } from '../dns/rr-type.ts'
import { nameFromLabels, parseName } from '../dns/wire-name.ts'
import { AnswerCompiler } from './answer-compiler.ts'
import { addressRecord, type Answer, positiveAnswer, type SrvRecord } from './resource-record.ts'
import { ZoneProblems } from './zone-problems.ts'

const limit = 65_535 - 12 - 255 - 4 - 11
const web = parseName('web.default.svc.cluster.local')!
const host = nameFromLabels(['10-0-0-1'], web)!
const address = Uint8Array.of(10, 0, 0, 1)

function compiler() {
  const problems = new ZoneProblems()
  return { problems, compiler: new AnswerCompiler(problems) }
}

function compileOne(name: Uint8Array, answer: Answer): CompiledAnswer {
  return compiler().compiler.compileAnswers(name, [answer])[0]!
}

function srv(name: Uint8Array, target: Uint8Array): SrvRecord {
  return { type: RrType.srv, name, ttlSeconds: 5, weight: 100, port: 80, target }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

t.test('AnswerCompiler.compileAnswer() writes addresses that may be rotated', t => {
  const records = [1, 2, 3].map(last => addressRecord(web, Uint8Array.of(10, 0, 0, last), 5))
  const answer = compileOne(web, positiveAnswer([records[0]!, ...records.slice(1)]))
  t.equal(
    hex(answer.bytes),
    [1, 2, 3].map(last => `c00c00010001000000050004 0a00000${last}`.replace(' ', '')).join(''),
  )
  t.match(answer, { type: 1, rcode: 0, answerCount: 3, additionalCount: 0, ending: 'whole' })
  t.same(answer.rotation, { offset: 0, count: 3, stride: 16 })
  const single = compileOne(web, positiveAnswer([records[0]!]))
  t.same(single.rotation, { offset: 0, count: 0, stride: 0 })
  t.end()
})

t.test('AnswerCompiler.compileAnswer() points glue at targets and leaves targets whole', t => {
  const answer = compileOne(
    web,
    positiveAnswer([srv(web, host)], [addressRecord(host, address, 5)]),
  )
  const target = 12 + web.length + 4 + 12 + 6
  t.equal(
    hex(answer.bytes),
    `c00c0021000100000005${(6 + host.length).toString(16).padStart(4, '0')}000000640050${hex(host)}` +
      `${(0xc000 + target).toString(16)}000100010000000500040a000001`,
  )
  const self = compileOne(web, positiveAnswer([srv(web, web)], [addressRecord(web, address, 5)]))
  t.equal(hex(self.bytes.subarray(-16)), 'c00c000100010000000500040a000001')
  t.end()
})

t.test('AnswerCompiler.compileAnswer() points CNAMEs into the question', t => {
  const target = parseName('db.default.svc.cluster.local')!
  const answer = compileOne(
    web,
    positiveAnswer([
      { type: RrType.cname, name: web, ttlSeconds: 5, target },
      addressRecord(target, address, 5),
    ]),
  )
  const owner = (0xc000 + 12 + web.length + 4 + 12).toString(16)
  t.equal(
    hex(answer.bytes),
    `c00c00050001000000050005026462c010${owner}000100010000000500040a000001`,
    'rotation begins behind the CNAME',
  )
  t.same(answer.rotation, { offset: 0, count: 0, stride: 0 })
  t.end()
})

t.test('AnswerCompiler.compileAnswer() cuts at whole records, and counts it', t => {
  const count = 5000
  const hosts = Array.from({ length: count }, (_, i) => nameFromLabels([`host-${i}`], web)!)
  const records = hosts.map(target => srv(web, target))
  const glue = hosts.map(target => addressRecord(target, address, 5))
  const rows = [
    { name: 'answers', wanted: positiveAnswer([records[0]!, ...records.slice(1)], glue) },
    { name: 'glue', wanted: positiveAnswer([records[0]!, ...records.slice(1, 900)], glue) },
  ]
  for (const { name, wanted } of rows) {
    const { compiler: subject, problems } = compiler()
    const answer = subject.compileAnswers(web, [wanted])[0]!
    t.ok(answer.bytes.length <= limit, name)
    t.same(problems.take(), [
      { kind: 'cut-answer', count: 1, example: 'web.default.svc.cluster.local.' },
    ])
    const query = encodeQuery('web.default.svc.cluster.local. SRV')
    query.writeUInt16BE(answer.answerCount, 6)
    query.writeUInt16BE(answer.additionalCount, 10)
    const reply = packet.decode(Buffer.concat([query, answer.bytes]))
    t.equal(packet.decode.bytes, query.length + answer.bytes.length, 'no half records')
    t.same(
      reply.additionals?.map(record => record.type === 'A' && record.name),
      hosts
        .slice(0, answer.additionalCount)
        .map((_, i) => `host-${i}.web.default.svc.cluster.local`),
      'beyond 0x3FFF owners are written out',
    )
  }
  t.end()
})

t.test('AnswerCompiler.compileAnswer() writes out names that end unlike the question', t => {
  const cases = [
    { target: 'db.example.org', rdata: '026462076578616d706c65036f726700' },
    { target: 'db.postal', rdata: '02646206706f7374616c00' },
    { target: 'x.local', rdata: '0178c024' },
  ]
  for (const { target, rdata } of cases) {
    const answer = compileOne(
      web,
      positiveAnswer([
        { type: RrType.cname, name: web, ttlSeconds: 5, target: parseName(target)! },
      ]),
    )
    t.equal(hex(answer.bytes.subarray(12)), rdata, target)
  }
  t.end()
})

t.test('AnswerCompiler.compileAnswer() writes text with its length', t => {
  const record = { type: RrType.txt, name: web, ttlSeconds: 5, text: '1.1.0' } as const
  const answer = compileOne(web, positiveAnswer([record]))
  t.equal(
    hex(answer.bytes),
    `c00c00100001000000050006 05 ${hex(Buffer.from('1.1.0'))}`.replaceAll(' ', ''),
  )
  t.end()
})

t.test(
  'AnswerCompiler.compileAnswers() keeps the answers of one name apart, however many bytes',
  t => {
    const records = Array.from({ length: 3500 }, (_, i) =>
      addressRecord(web, Uint8Array.of(10, 0, i >> 8, i), 5),
    )
    const wanted = positiveAnswer([records[0]!, ...records.slice(1)])
    // More than the megabyte that answers are written to one behind the other.
    const many = compiler().compiler.compileAnswers(
      web,
      Array.from({ length: 30 }, () => wanted),
    )
    const [first] = many
    const glue = [addressRecord(host, address, 5)]
    const one = positiveAnswer([srv(web, host)], glue)
    const two = positiveAnswer([srv(web, web), srv(web, host)], glue)
    const [, behind] = compiler().compiler.compileAnswers(web, [one, two])
    t.same(behind, compileOne(web, two), 'no pointer into the answer before')
    t.equal(first!.answerCount, records.length)
    t.ok(many.every(({ bytes }) => Buffer.compare(bytes, first!.bytes) === 0))
    t.end()
  },
)

t.test('AnswerCompiler.compileZone() tells where the pointers to the apex are', t => {
  const apex = parseName('cluster.local')!
  const zone = compiler().compiler.compileZone({
    type: RrType.soa,
    name: apex,
    ttlSeconds: 5,
    mname: nameFromLabels(['ns', 'dns'], apex)!,
    rname: nameFromLabels(['hostmaster'], apex)!,
    serial: 0x01020304,
    refreshSeconds: 7200,
    retrySeconds: 1800,
    expireSeconds: 86_400,
    minimumSeconds: 5,
  })
  t.equal(
    hex(zone.soa),
    `c00c000600010000000500 2a 026e7303646e73c00c 0a${hex(Buffer.from('hostmaster'))}c00c`.replaceAll(
      ' ',
      '',
    ) + '0102030400001c20000007080001518000000005',
  )
  t.same(zone.pointers, [0, 19, 32])
  t.end()
})
