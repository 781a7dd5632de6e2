import t from 'tap'
import { translateCorednsFlags } from './coredns-flags.ts'
import { UsageError } from './usage-error.ts'

t.test('translateCorednsFlags() makes our command line of one of CoreDNS', async t => {
  for (const [given, translated] of [
    ['-conf /etc/coredns/Corefile', 'serve --conf /etc/coredns/Corefile'],
    ['-conf=Corefile -dns.port=1053', 'serve --conf Corefile --dns-port 1053'],
    ['--conf Corefile -p 1053', 'serve --conf Corefile --dns-port 1053'],
    ['-conf Corefile -quiet -pidfile pid', 'serve --conf Corefile --quiet --pidfile pid'],
    ['-version', 'version'],
    ['-plugins', 'plugins'],
    ['--help', '--help'],
    ['-h', '-h'],
    ['--version', '--version'],
    ['serve -conf x', 'serve -conf x'],
    ['', ''],
  ] as const) {
    const args = given.split(' ').filter(word => word !== '')
    t.equal(translateCorednsFlags(args).join(' '), translated, given)
  }
})

t.test('translateCorednsFlags() says what is wrong', async t => {
  for (const [given, message] of [
    ['-bogus', /^"-bogus" is neither a command nor a flag of CoreDNS: known are -conf, /],
    ['-conf', '-conf: expected a value'],
    ['-conf Corefile extra', /^"extra" is neither/],
    ['--constructor', /^"--constructor" is neither/],
  ] as const) {
    t.throws(() => translateCorednsFlags(given.split(' ')), { message, constructor: UsageError })
  }
})
