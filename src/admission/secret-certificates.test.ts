import { Buffer } from 'node:buffer'
import t from 'tap'
import { CertificateAuthority, type Certified } from '../../test/support/certificate-authority.ts'
import { FakeApiServer } from '../../test/support/fake-api-server.ts'
import { until } from '../../test/support/until.ts'
import { SecretCertificates } from './secret-certificates.ts'

const collection = '/api/v1/secrets'
const authority = new CertificateAuthority('test')
const first = authority.issue('first', ['a.b.svc'])
const second = authority.issue('second', ['a.b.svc'])
const names = { namespace: 'signpost', name: 'tls' }

function secret({ cert, key }: Certified, { name = 'tls', ca = '' } = {}) {
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  const metadata = { name, namespace: 'signpost' }
  return {
    metadata,
    data: { 'ca.crt': base64(ca), 'tls.crt': base64(cert), 'tls.key': base64(key) },
  }
}

t.test('SecretCertificates follows the Secret of somebody else', async t => {
  await using server = await FakeApiServer.open()
  const lines: string[] = []
  const log = (line: string): void => void lines.push(line)
  const options = { access: server.access, logger: { info: log, warn: log, error: log }, ...names }
  const opened = SecretCertificates.open(options, AbortSignal.timeout(10_000))
  await until('it says that there is none', () => lines.length > 0)
  t.match(lines, ['Cannot serve the certificate in Secret "signpost/tls": there is no such Secret'])
  server.put(collection, secret(second, { name: 'another' }))
  server.put(collection, secret(first))
  await using source = await opened
  t.strictSame(source.current(), first)
  const [{ query, namespace }] = server.calls as [(typeof server.calls)[0]]
  t.equal(query.get('fieldSelector'), 'metadata.name=tls')
  t.equal(namespace, 'signpost')

  const taken = Promise.withResolvers<Certified>()
  source.onChange(certificate => taken.resolve(certificate))
  server.put(collection, secret({ cert: second.cert, key: first.key }))
  await until('it says what is wrong', () => lines.length > 1)
  t.match(lines[1], /: the key is not that of the certificate$/)
  t.strictSame(source.current(), first)
  t.equal(source.trusted, first.cert)
  server.put(collection, secret(second, { ca: authority.cert }))
  t.strictSame(await taken.promise, second)
  await until('both are trusted', () => source.trusted === authority.cert + first.cert)
  server.delete(collection, secret(second))
  await until('it says that there is none', () => lines.length > 2)
  t.strictSame(source.current(), second, 'what is gone is served on')
  t.ok(
    lines.every(line => !line.includes('PRIVATE')),
    'no key in a log',
  )
  t.ok(
    server.calls.every(({ request }) => request.method === 'GET'),
    'it writes nothing',
  )
})

t.test('SecretCertificates.open() ends with its signal', async t => {
  await using server = await FakeApiServer.open()
  const log = (): void => {}
  const options = { access: server.access, logger: { info: log, warn: log, error: log }, ...names }
  const stop = new AbortController()
  const opened = SecretCertificates.open(options, stop.signal)
  stop.abort(new Error('enough'))
  await t.rejects(opened, { message: 'enough' })
})
