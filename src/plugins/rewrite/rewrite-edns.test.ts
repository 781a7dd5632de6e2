import t from 'tap'
import type { EdnsOption } from '../../dns/edns.ts'
import type { Query } from '../handler.ts'
import { PluginChain } from '../../../test/support/plugin-chain.ts'

/** `65518=abcd` for options of text, `8=00 01` for others; the ones sent, those behind the plugin, and those of the reply. */
const cases: readonly {
  readonly rules: string
  readonly sent?: string
  readonly asked?: string
  readonly replied?: string
}[] = [
  { rules: 'edns0 local set 0xffee 0x61626364', asked: '65518=abcd', replied: '65518=abcd' },
  {
    rules: 'edns0 local set 0xffee abcd',
    sent: '65518=x',
    asked: '65518=abcd',
    replied: '65518=abcd',
  },
  { rules: 'edns0 local append 65518 abcd', sent: '65518=x', asked: '65518=x', replied: '65518=x' },
  { rules: 'edns0 local append 65518 abcd', asked: '65518=abcd', replied: '65518=abcd' },
  { rules: 'edns0 local replace 0xffee abcd', asked: '', replied: '' },
  {
    rules: 'edns0 local replace 0xffee abcd',
    sent: '65518=x',
    asked: '65518=abcd',
    replied: '65518=abcd',
  },
  { rules: 'edns0 local unset 0xffee', sent: '65518=x', asked: '', replied: '' },
  { rules: 'edns0 local set 0xffee abcd revert', asked: '65518=abcd', replied: '' },
  {
    rules: 'edns0 local set 0xffee abcd revert',
    sent: '65518=x',
    asked: '65518=abcd',
    replied: '65518=x',
  },
  {
    rules:
      'continue {\n edns0 local set 0xffee abcd\n}\nrewrite edns0 local replace 0xffee bcde revert',
    asked: '65518=bcde',
    replied: '65518=abcd',
  },
  { rules: 'edns0 local set 0xffee {qname}', asked: '65518=Web.test.' },
  { rules: 'edns0 local set 0xffee {qtype}', asked: '65518=00 01' },
  { rules: 'edns0 local set 0xffee {client_ip}', asked: '65518=c0 00 02 01' },
  { rules: 'edns0 local set 0xffee {client_port}', asked: '65518=0f a0' },
  { rules: 'edns0 local set 0xffee {protocol}', asked: '65518=udp' },
  { rules: 'edns0 local set 0xffee {server_ip}', asked: '65518=7f 00 00 01' },
  { rules: 'edns0 local set 0xffee {server_port}', asked: '65518=00 35' },
  { rules: 'edns0 local set 0xffee {some-plugin/some-label}', asked: '65518=label' },
  { rules: 'edns0 local set 0xffee {some-plugin/none}', asked: '' },
  { rules: 'edns0 nsid set', sent: '3=x', asked: '3=', replied: '' },
  { rules: 'edns0 nsid append', asked: '3=' },
  { rules: 'edns0 nsid unset', sent: '3=x', asked: '' },
  { rules: 'edns0 subnet set 22 56', asked: '8=00 01 16 00 c0 00 00', replied: '' },
  { rules: 'edns0 subnet unset', sent: '8=x', asked: '' },
]

t.test('rewrite edns0 changes the options of the query', async t => {
  for (const { rules, sent = '', asked, replied } of cases) {
    let seen: Query['edns']
    const chain = new PluginChain(`. {\n rewrite ${rules}\n}`, {
      behind: query => {
        seen = query.edns
        return { rcode: 0, authoritative: true }
      },
    })
    const reply = await chain.ask('Web.test.', queryWith(sent))
    if (asked !== undefined) t.equal(rendered(seen?.options ?? [], asked), asked, `${rules} asked`)
    if (replied !== undefined)
      t.equal(rendered(reply.options ?? [], replied), replied, `${rules} replied`)
    chain.close()
  }
})

t.test('rewrite edns0 subnet says an IPv6 client by its own bits', async t => {
  let seen: Query['edns']
  const chain = new PluginChain('. {\n rewrite edns0 subnet set 24 28\n}', {
    behind: query => {
      seen = query.edns
      return { rcode: 0, authoritative: true }
    },
  })
  const client = { address: '2001:dbf::1%eth0', port: 1, family: 'IPv6', transport: 'udp' } as const
  await chain.ask('web.test.', { client })
  t.equal(rendered(seen!.options, ' '), '8=00 02 1c 00 20 01 0d b0')
})

function queryWith(options: string): Partial<Query> {
  return {
    server: { address: '::ffff:127.0.0.1', port: 53 },
    metadata: new Map([['some-plugin/some-label', () => 'label']]),
    ...(options !== '' && {
      edns: { payloadBytes: 1232, dnssecOk: false, options: options.split(',').map(parseOption) },
    }),
  }
}

function parseOption(text: string): EdnsOption {
  const [code, data = ''] = text.split('=')
  return { code: Number(code), data: new TextEncoder().encode(data) }
}

/** In the form of `like`: text, or bytes where that has blanks. */
function rendered(options: readonly EdnsOption[], like: string): string {
  const textOf = (data: Uint8Array): string =>
    like.includes(' ')
      ? Array.from(data, byte => byte.toString(16).padStart(2, '0')).join(' ')
      : new TextDecoder().decode(data)
  return options.map(({ code, data }) => `${code}=${textOf(data)}`).join(',')
}
