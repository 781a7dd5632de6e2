import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { factsOf, withoutUnreadable } from './certificate-facts.ts'
import { issueAuthority, issueLeaf } from './certificate-issuer.ts'

const names = ['signpost-admission.signpost.svc', 'signpost-admission.signpost.svc.cluster.local']
const fromMs = Math.floor(Date.now() / 1000) * 1000
const validity = { fromMs, toMs: fromMs + 86_400_000 }

t.test('issueAuthority() and issueLeaf()', async t => {
  const authority = await issueAuthority('webhooks', validity)
  const leaf = await issueLeaf(authority, names, validity)
  const [ca, cert] = [new X509Certificate(authority.cert), new X509Certificate(leaf.cert)]

  await t.test('say what RFC 5280 wants of them', async t => {
    t.ok(ca.ca)
    t.notOk(cert.ca)
    t.match(ca.subject, /^CN=webhooks [0-9a-f]{8}$/)
    t.equal(cert.issuer, ca.subject)
    t.equal(cert.subjectAltName, names.map(name => `DNS:${name}`).join(', '))
    t.strictSame(cert.keyUsage, ['1.3.6.1.5.5.7.3.1'])
    t.equal(cert.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1')
    t.match(cert.serialNumber, /^[4-7][0-9A-F]{31}$/)
    t.not(cert.serialNumber, ca.serialNumber)
    t.equal(cert.validToDate.getTime(), validity.toMs)
    t.ok(cert.validFromDate.getTime() < fromMs, 'for clocks that are behind')
  })

  await t.test('fit together, and with nothing else', async t => {
    const other = await issueAuthority('webhooks', validity)
    t.ok(factsOf({ authority, leaf }, names).leaf)
    t.equal(factsOf({ authority, leaf }, names).authority?.toMs, validity.toMs)
    t.equal(factsOf({ authority: other, leaf }, names).leaf, undefined, 'another authority')
    t.equal(factsOf({ authority, leaf }, ['else']).leaf, undefined, 'another name')
    const mixed = { cert: leaf.cert, key: authority.key }
    t.equal(factsOf({ authority, leaf: mixed }, names).leaf, undefined, 'another key')
    const nothing = { authority: { cert: '', key: '' }, leaf: { cert: 'x', key: 'y' } }
    t.strictSame(factsOf(nothing, names), { authority: undefined, leaf: undefined })
  })

  await t.test('withoutUnreadable() leaves nothing but certificates for a bundle', async t => {
    const whole = { authority, leaf, next: authority, previous: authority.cert }
    t.strictSame(withoutUnreadable(whole), whole)
    t.strictSame(withoutUnreadable({ authority, leaf }), { authority, leaf })
    const broken = { ...whole, next: { ...authority, key: 'x' }, previous: 'x' }
    t.strictSame(withoutUnreadable(broken), { authority, leaf })
  })

  await t.test('are taken by who trusts the authority', async t => {
    const server = createServer(leaf, (_, response) => response.end('ok'))
    t.teardown(() => server.close())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const asked = request({ port, host: '127.0.0.1', servername: names[0]!, ca: authority.cert })
    asked.end()
    const [response] = await once(asked, 'response')
    t.equal(response.statusCode, 200)
    response.resume()
  })
})
