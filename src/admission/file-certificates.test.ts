import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { CertificateAuthority, type Certified } from '../../test/support/certificate-authority.ts'
import { FileCertificates } from './file-certificates.ts'

const authority = new CertificateAuthority('test')
const first = authority.issue('first', ['a.b.svc'])
const second = authority.issue('second', ['a.b.svc'])

function setUp(t: Test, pair: Partial<Certified>) {
  const folder = t.testdir({})
  const [cert, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')]
  const lines: string[] = []
  const write = (pair: Partial<Certified>): void => {
    if (pair.cert !== undefined) writeFileSync(cert, pair.cert)
    if (pair.key !== undefined) writeFileSync(key, pair.key)
  }
  write(pair)
  const logger = { info: () => {}, warn: (line: string) => void lines.push(line), error: () => {} }
  // It never comes to that: the test says when to look.
  return { cert, key, lines, write, options: { logger, cert, key, pollMs: 1e9 } }
}

t.test('FileCertificates takes what takes the place of its files', async t => {
  const { key, lines, write, options } = setUp(t, first)
  await using source = await FileCertificates.open(options)
  t.strictSame([source.current(), source.trusted], [first, first.cert])
  t.equal(source.notAfterMs, Date.parse('2099-12-31T23:59:59Z'))
  const taken: string[] = []
  const stop = source.onChange(({ cert }) => taken.push(cert))

  await source.poll()
  t.strictSame(taken, [], 'nothing has changed')
  write({ cert: second.cert })
  await source.poll()
  await source.poll()
  t.strictSame(source.current(), first, 'half of it is not taken')
  t.equal(lines.length, 1, 'and said once')
  t.match(lines[0], /^Cannot serve the certificate in ".*crt" .*: the key is not that of the cert/)
  write(second)
  await source.poll()
  t.strictSame(taken, [second.cert])
  t.equal(source.trusted, second.cert + first.cert, 'other replicas may still serve the first')
  await source.poll()
  t.equal(source.trusted, second.cert + first.cert)
  rmSync(key)
  await source.poll()
  t.strictSame(source.current(), second, 'what is lost is served on')
  t.match(lines[1], /: ENOENT$/)
  stop()
  write(first)
  await source.poll()
  t.strictSame([taken.length, source.current()], [1, first], 'nobody is told who does not listen')
})

const refused = [
  { name: 'no key', pair: { cert: first.cert }, says: /: ENOENT$/ },
  { name: 'an empty file', pair: { cert: '', key: first.key }, says: /or its key is missing$/ },
  { name: 'no PEM', pair: { cert: 'x', key: first.key }, says: /is no PEM certificate$/ },
  { name: 'no PEM key', pair: { cert: first.cert, key: 'hush' }, says: /the key is no PEM key$/ },
  { name: "another's key", pair: { cert: first.cert, key: second.key }, says: /is not that of/ },
] as const

for (const { name, pair, says } of refused) {
  t.test(`FileCertificates.open() refuses ${name}`, async t => {
    const { options } = setUp(t, pair)
    await t.rejects(FileCertificates.open(options), { message: says })
  })
}
