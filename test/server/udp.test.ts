import t from 'tap'
import { askUdp, decoded, ednsQuery, plainQuery } from '../support/dns-client.ts'
import { serveTable } from '../support/served-table.ts'
import { quietThreads, servingConfiguration } from '../support/serving-configuration.ts'

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex')
}

t.test('wire-exact replies to what is no query', async t => {
  await using server = await serveTable()
  const question = '03777777 00 0001 0001'
  const cases: readonly [what: string, query: string, reply: string | undefined][] = [
    ['a reply', '1234 8100 0001 0000 0000 0000' + question, undefined],
    ['11 bytes', '1234 0100 0001 0000 0000 00', undefined],
    [
      'no question: RD and CD are copied, nothing else',
      '1234 07ff 0000 0000 0000 0000',
      '1234 8111 0000 0000 0000 0000',
    ],
    ['all counts 65535', '1234 0000 ffff ffff ffff ffff', '1234 8001 0000 0000 0000 0000'],
    ['opcode 15', '1234 7900 0001 0000 0000 0000' + question, '1234 f904 0000 0000 0000 0000'],
    ['NOTIFY', '1234 2000 0001 0000 0000 0000' + question, '1234 a004 0000 0000 0000 0000'],
    [
      'class CH',
      '1234 0100 0001 0000 0000 0000 03777777 00 0010 0003',
      '1234 8105 0001 0000 0000 0000 03777777 00 0010 0003',
    ],
    [
      'EDNS version 1, DO: BADVERS with our OPT, DO kept',
      `1234 0000 0001 0000 0000 0001 ${question} 00 0029 1000 00 01 ffff 0000`,
      `1234 8000 0001 0000 0000 0001 ${question} 00 0029 04d0 01 00 8000 0000`,
    ],
    [
      'outside every zone: REFUSED, not authoritative',
      `1234 0120 0001 0000 0000 0001 ${question} 00 0029 1000 00 00 7fff 0004 000a 0000`,
      `1234 8105 0001 0000 0000 0001 ${question} 00 0029 04d0 00 00 0000 0000`,
    ],
  ]
  for (const [what, query, reply] of cases) {
    const got = await askUdp(server.binding, hex(query))
    t.equal(
      got?.toString('hex'),
      reply === undefined ? undefined : hex(reply).toString('hex'),
      what,
    )
  }
})

t.test('an A reply is small, compressed and keeps the question as it was asked', async t => {
  await using server = await serveTable()
  const query = plainQuery('wEb.DeFaUlT.svc.Cluster.Local')
  const reply = await askUdp(server.binding, query)
  t.equal(reply?.length, query.length + 16)
  t.same(reply?.subarray(12, query.length), query.subarray(12))
  t.match(decoded(reply), {
    flag_aa: true,
    flag_ra: false,
    flag_tc: false,
    answers: [{ data: '10.0.0.1', ttl: 5 }],
  })
})

t.test('negative replies carry the SOA, also for types nobody knows', async t => {
  await using server = await serveTable()
  const cases: readonly [name: string, type: string, rcode: string][] = [
    ['web.default.svc.cluster.local', 'AAAA', 'NOERROR'],
    ['web.default.svc.cluster.local', 'UNKNOWN_1000', 'NOERROR'],
    ['default.svc.cluster.local', 'A', 'NOERROR'],
    ['nothing.default.svc.cluster.local', 'A', 'NXDOMAIN'],
    ['web.default.svc.cluster.local.default.svc.cluster.local', 'A', 'NXDOMAIN'],
    ['1-2-3-4.nowhere.pod.cluster.local', 'A', 'NXDOMAIN'],
  ]
  for (const [name, type, rcode] of cases) {
    const reply = decoded(await askUdp(server.binding, ednsQuery(name, type)))
    t.match(
      { ...reply },
      {
        rcode,
        flag_aa: true,
        answers: [],
        authorities: [
          { type: 'SOA', name: 'cluster.local', data: { mname: 'ns.dns.cluster.local' } },
        ],
      },
      `${name} ${type}`,
    )
  }
})

t.test('pod names are computed', async t => {
  await using server = await serveTable()
  const cases: readonly [name: string, type: string, address: string | undefined][] = [
    ['10-244-1-3.default.pod.cluster.local', 'A', '10.244.1.3'],
    ['x.10-244-1-3.default.pod.cluster.local', 'A', '10.244.1.3'],
    ['10-244-1-3.default.pod.cluster.local', 'AAAA', undefined],
    ['fd00--a.default.pod.cluster.local', 'AAAA', 'fd00::a'],
  ]
  for (const [name, type, address] of cases) {
    const reply = decoded(await askUdp(server.binding, plainQuery(name, type)))
    t.match({ ...reply }, { rcode: 'NOERROR', flag_aa: true }, name)
    t.match(reply.answers, address ? [{ data: address }] : [], name)
  }
})

t.test('SRV of a pod name has the pod as target, without labels in front of it', async t => {
  await using server = await serveTable()
  const target = '10-244-1-3.default.pod.cluster.local'
  for (const name of [target, `x.y.${target}`]) {
    const reply = decoded(await askUdp(server.binding, plainQuery(name, 'SRV')))
    const targets = reply.answers?.map(record => record.type === 'SRV' && record.data)
    t.same(targets, [{ priority: 0, weight: 100, port: 0, target }], name)
    t.same(
      reply.additionals?.map(record => record.name),
      [target],
      `glue of ${name}`,
    )
  }
})

t.test('what does not fit is cut at whole records, with TC', async t => {
  await using server = await serveTable()
  const cases: readonly [
    name: string,
    size: number | undefined,
    answers: number,
    isCut: boolean,
  ][] = [
    ['many', undefined, 29, true],
    ['many', 1, 28, true],
    ['many', 511, 28, true],
    ['many', 1232, 60, false],
    ['most', 65_535, 73, true],
    ['huge', 4096, 73, true],
  ]
  for (const [name, size, answers, isCut] of cases) {
    const full = `${name}.default.svc.cluster.local`
    const reply = await askUdp(
      server.binding,
      size === undefined ? plainQuery(full) : ednsQuery(full, 'A', size),
    )
    const limit = Math.min(1232, Math.max(512, size ?? 512))
    t.ok(
      reply && reply.length <= limit && reply.length > limit - 16 - 11 - (isCut ? 0 : 300),
      `${name} at ${size}: ${reply?.length} bytes`,
    )
    t.match(decoded(reply), { flag_tc: isCut }, `${name} at ${size}`)
    t.equal(decoded(reply).answers?.length, answers, `${name} at ${size}`)
  }
})

t.test('before the first load a missing name is SERVFAIL, never NXDOMAIN', async t => {
  await using server = await serveTable({ isComplete: false })
  t.match(decoded(await askUdp(server.binding, plainQuery('nothing.default.svc.cluster.local'))), {
    rcode: 'SERVFAIL',
  })
  t.match(decoded(await askUdp(server.binding, plainQuery('web.default.svc.cluster.local'))), {
    rcode: 'NOERROR',
  })
  server.writer.markComplete()
  t.match(decoded(await askUdp(server.binding, plainQuery('nothing.default.svc.cluster.local'))), {
    rcode: 'NXDOMAIN',
  })
})

t.test('several threads share one port and see a change at once', async t => {
  await using server = await serveTable({ count: 2 })
  for (let i = 0; i < 40; i++) {
    t.match(decoded(await askUdp(server.binding, plainQuery('web.default.svc.cluster.local'))), {
      rcode: 'NOERROR',
    })
  }
})

t.test('an address that is taken is named in the error', async t => {
  await using server = await serveTable()
  const { ServingThreads } = await import('../../src/server/serving-threads.ts')
  await t.rejects(
    ServingThreads.start({
      ...quietThreads(),
      count: 1,
      configuration: {
        ...servingConfiguration(server.writer),
        listeners: [{ binding: server.binding, blocks: [0] }],
      },
    }),
    {
      code: 'EADDRINUSE',
      message: new RegExp(`Cannot listen on 127.0.0.1:${server.binding.port}`),
    },
  )
})
