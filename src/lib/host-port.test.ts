import t from 'tap'
import { parseHostPort, renderHostPort } from './host-port.ts'

t.test('parseHostPort() reads what people write after --listen and --server', async t => {
  const cases: readonly [text: string, expected: string | undefined][] = [
    ['127.0.0.1:1053', '127.0.0.1 IPv4 1053'],
    ['127.0.0.1', '127.0.0.1 IPv4 53'],
    ['[::1]:1053', '::1 IPv6 1053'],
    ['[::1]', '::1 IPv6 53'],
    ['::1', '::1 IPv6 53'],
    [':1053', '* IPv4 1053'],
    ['0.0.0.0:0', '0.0.0.0 IPv4 0'],
    ['127.0.0.1:65536', undefined],
    ['127.0.0.1:', undefined],
    ['[127.0.0.1]:53', undefined],
    ['localhost:53', undefined],
    ['', undefined],
    ['[]:53', undefined],
  ]
  for (const [text, expected] of cases) {
    const parsed = parseHostPort(text, 53)
    t.equal(parsed && `${parsed.address} ${parsed.family} ${parsed.port}`, expected, text)
  }
})

t.test('renderHostPort() writes what parseHostPort() reads', async t => {
  for (const text of ['127.0.0.1:1053', '[::1]:1053']) {
    t.equal(renderHostPort(parseHostPort(text, 53)!), text)
  }
})
