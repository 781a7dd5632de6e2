/** What plugins change in replies, on the wire. */
import packet from 'dns-packet'
import t from 'tap'
import { askUdp, decoded, ednsQuery, plainQuery } from '../support/dns-client.ts'
import { serveTable } from '../support/served-table.ts'

const corefile = (directives: string): string => `. {\n${directives}\n kubernetes cluster.local\n}`
const many = 'many.default.svc.cluster.local'

t.test('bufsize: replies are as short as it says, and say so', async t => {
  await using server = await serveTable({ corefile: corefile('bufsize 600') })
  const reply = await askUdp(server.binding, ednsQuery(many))
  t.ok(reply!.length <= 600 && reply!.length > 560, `${reply!.length} bytes`)
  t.match(decoded(reply), { flag_tc: true, rcode: 'NOERROR' })
})

t.test('header: flags of replies are set', async t => {
  const rules = 'header {\n response set rd ra\n response clear aa\n}'
  await using server = await serveTable({ corefile: corefile(rules) })
  const reply = await askUdp(server.binding, ednsQuery(many))
  t.match(decoded(reply), { flag_rd: true, flag_ra: true, flag_aa: false })
})

t.test('chaos: questions of class CH are answered', async t => {
  await using server = await serveTable({ corefile: corefile('chaos v1') })
  const question = { type: 'TXT', class: 'CH', name: 'version.bind' } as const
  const query = packet.encode({ type: 'query', id: 1, questions: [question] })
  const { answers } = decoded(await askUdp(server.binding, query))
  t.match(answers, [{ name: 'version.bind', class: 'CH', data: [Buffer.from('v1')] }])
})

t.test('loadbalance and cache: cluster answers stay as they are', async t => {
  await using server = await serveTable({ corefile: corefile('cache 30\n loadbalance\n minimal') })
  const reply = await askUdp(server.binding, plainQuery('web.default.svc.cluster.local'))
  t.match(decoded(reply), { flag_aa: true, answers: [{ data: '10.0.0.1', ttl: 5 }] })
})
