import t from 'tap'
import { PluginChain } from '../../../test/support/plugin-chain.ts'
import { leavesAlone } from '../../../test/support/scan-of.ts'

t.test('rewrite refuses what it does not understand', async t => {
  for (const [rule, message] of [
    ['', /one of name, type/],
    ['answer auto', /one of name, type/],
    ['continue', /one of name, type/],
    ['name a.test', /expected a word/],
    [
      'name a.test b.test answer auto',
      /expected one of exact, prefix, suffix, substring, regex, not "a.test"/,
    ],
    ['name regex ( b.test', /expected a regular expression, not "\(": /],
    ['name regex (.*) {2}.test', /there is no group \{2\} in /],
    [`name regex ${'a'.repeat(10_001)} b`, /at most 10000 characters/],
    ['name exact a.test b.test answer', /one of auto, name, value/],
    ['name exact a.test b.test answer name x', /expected a word/],
    ['name exact a.test b.test answer value (x) {2}', /there is no group/],
    ['name exact a.test b.test auto', /expected "answer"/],
    ['name suffix a.test b.test answer auto name x y', /cannot both/],
    ['type A', /a record type/],
    ['type A B', /a record type like AAAA, not "B"/],
    ['type A AAAA MX', /too many/],
    ['class IN XX', /one of the classes IN/],
    ['ttl a.test x', /seconds like 30/],
    ['ttl a.test -', /seconds like 30/],
    ['ttl a.test 60-30', /seconds like 30/],
    ['ttl a.test 4294967296', /seconds like 30/],
    ['rcode a.test 24 0', /an rcode/],
    ['rcode a.test NOPE NOERROR', /an rcode/],
    ['cname a.test', /expected a word/],
    ['edns0 local set 0x1ffff a', /option code/],
    ['edns0 local set 0xffee 0x616', /a text, bytes/],
    ['edns0 local set 0xffee {nothing}', /\{server_port\}, \{PLUGIN\/NAME\}/],
    ['edns0 local unset 0xffee x', /too many/],
    ['edns0 subnet set 33 56', /from 0 to 32/],
    ['edns0 cookie set', /one of local, nsid, subnet/],
    ['edns0 nsid drop', /one of set, append/],
  ] as const) {
    t.throws(() => new PluginChain(`. {\n rewrite ${rule}\n}`), { message }, rule)
  }
  t.throws(() => new PluginChain('. {\n rewrite name a.test {\n b.test\n}\n}'), {
    message: 'Corefile:2: rewrite: takes no { } block',
  })
})

t.test('rewrite leaves questions alone that no rule is for', async t => {
  const web = 'web.default.svc.cluster.local.'
  for (const [rule, question, expected] of [
    ['name foo.example web.default.svc.cluster.local', web, true],
    ['name Web.default.svc.cluster.local foo.example', web, false],
    ['name eb.default.svc.cluster.local foo.example', web, true],
    ['name suffix .example.org .cluster.local', web, true],
    ['name suffix .cluster.local .test', web, false],
    ['name suffix ocal .test', web, false],
    ['name suffix a.very.long.suffix.default.svc.cluster.local .test', web, true],
    ['name prefix web x', web, false],
    ['name prefix db x', web, true],
    ['name substring default x', web, false],
    ['name substring other x', web, true],
    [String.raw`name substring a\.b x`, web, false],
    ['name regex a b', web, false],
    ['ttl foo.example 30', web, true],
    ['ttl suffix cluster.local 30', web, false],
    ['rcode foo.example 2 0', web, true],
    ['type A AAAA', web, false],
    ['type A AAAA', `${web} AAAA`, true],
    ['class CH IN', web, true],
    ['class IN CH', web, false],
    ['cname a.test b.test', web, false],
    ['edns0 subnet set 24 56', web, true],
    ['edns0 local set 0xffee x', web, true],
  ] as const) {
    const chain = new PluginChain(`. {\n rewrite ${rule}\n}`)
    t.equal(leavesAlone(chain.link('rewrite'), question), expected, `${rule} ← ${question}`)
    chain.close()
  }
})
