import type { Argument } from './argument.ts'
import t from 'tap'
import { directiveText } from '../../test/support/corefile-files.ts'
import { Directive } from './directive.ts'
import { durationMs } from './duration-arguments.ts'
import { count } from './number-arguments.ts'
import { oneOf, text } from './text-arguments.ts'
import { zoneName } from './zone-arguments.ts'

interface Reading {
  ttl?: number | undefined
  zones?: string[]
  lines?: unknown[]
}

/** A plugin's reading of `cache [TTL] [ZONES] { … }`. */
function readCache(source: string): Reading {
  const directive = new Directive(directiveText(source))
  const lines: unknown[] = []
  const ttl = /^\d/.test(directive.peek() ?? '') ? directive.optional(count) : undefined
  const zones = directive.rest(zoneName)
  directive.block({
    success: line => lines.push([line.name, line.one(count), line.optional(durationMs)]),
    disable: line =>
      lines.push([line.name, line.one(oneOf('success', 'denial')), line.rest(zoneName)]),
    keepttl: line => lines.push([line.name]),
    tls: line => line.block({ client_auth: inner => lines.push([inner.name, inner.one(text)]) }),
    bad: line => {
      throw line.fail('is bad')
    },
  })
  return { ttl, zones, lines }
}

t.test('Directive gives words and lines in their order', async t => {
  for (const [source, reading] of [
    ['cache', { ttl: undefined, zones: [], lines: [] }],
    ['cache 30', { ttl: 30, zones: [], lines: [] }],
    ['cache A.org b', { ttl: undefined, zones: ['a.org.', 'b.'], lines: [] }],
    ['cache 30 {\n}', { ttl: 30, zones: [], lines: [] }],
    [
      'cache {\nsuccess 1\nsuccess 2 5s\nkeepttl\n}',
      {
        ttl: undefined,
        zones: [],
        lines: [['success', 1, undefined], ['success', 2, 5000], ['keepttl']],
      },
    ],
    [
      'cache {\ndisable DENIAL x\n}',
      { ttl: undefined, zones: [], lines: [['disable', 'denial', ['x.']]] },
    ],
    [
      'cache {\ntls {\nclient_auth a\n}\n}',
      { ttl: undefined, zones: [], lines: [['client_auth', 'a']] },
    ],
  ] as const) {
    t.same(readCache(source), reading, source)
  }
})

t.test('Directive says what is wrong and where', async t => {
  for (const [source, message] of [
    [
      'cache {\nsucces 1\n}',
      'Corefile:3: succes is not a property of cache: known are bad, disable, keepttl, success, tls',
    ],
    [
      'cache {\n__proto__\n}',
      'Corefile:3: __proto__ is not a property of cache: known are bad, disable, keepttl, success, tls',
    ],
    [
      'cache {\ntls {\nx\n}\n}',
      'Corefile:4: x is not a property of cache tls: known are client_auth',
    ],
    ['cache 30 a..b', 'Corefile:2: cache: expected a domain name like example.org, not "a..b"'],
    ['cache 30 ""', 'Corefile:2: cache: expected a domain name like example.org, not ""'],
    [
      'cache {\nsuccess\n}',
      'Corefile:3: cache success: expected a whole number at the end of the line',
    ],
    ['cache {\nsuccess 1 x\n}', 'Corefile:3: cache success: expected a duration like 30s, not "x"'],
    ['cache {\nsuccess 1 1s y\n}', 'Corefile:3: cache success: too many arguments: "y"'],
    [
      'cache {\ndisable x\n}',
      'Corefile:3: cache disable: expected one of success, denial, not "x"',
    ],
    ['cache {\nkeepttl {\n}\n}', 'Corefile:3: cache keepttl: takes no { } block'],
    ['cache {\ntls x {\n}\n}', 'Corefile:3: cache tls: too many arguments: "x"'],
    ['cache {\nbad\n}', 'Corefile:3: cache bad: is bad'],
  ] as const) {
    t.throws(() => readCache(source), { name: 'CorefileError', message }, source)
  }
})

t.test('Directive.block() gives lines without a property to otherwise', async t => {
  const lines: string[] = []
  new Directive(directiveText('hosts {\n10.0.0.1 a b\nttl 5\nfallthrough\n}')).block(
    { ttl: line => lines.push(`ttl=${line.one(count)}`) },
    line => lines.push([line.name, ...line.rest(text)].join(' ')),
  )
  t.same(lines, ['10.0.0.1 a b', 'ttl=5', 'fallthrough'])
})

t.test('Directive.block() without properties names none', async t => {
  t.throws(() => new Directive(directiveText('loop {\nx\n}')).block({}), {
    message: 'Corefile:3: x is not a property of loop: there are none',
  })
})

t.test('Directive.end() wants neither words nor a block', async t => {
  for (const [source, message] of [
    ['loop x', 'Corefile:2: loop: too many arguments: "x"'],
    ['loop {\n}', 'Corefile:2: loop: takes no { } block'],
  ] as const) {
    t.throws(() => new Directive(directiveText(source)).end(), { message }, source)
  }
  new Directive(directiveText('loop')).end()
})

t.test('a word is blamed where it stands', async t => {
  t.throws(() => new Directive(directiveText('log "a\nb" c')).end(), {
    message: 'Corefile:2: log: too many arguments: "a\\nb"',
  })
  const directive = new Directive(directiveText('log "a\nb" c'))
  directive.one(text)
  t.throws(() => directive.end(), { message: 'Corefile:3: log: too many arguments: "c"', line: 3 })
  t.match(directive, { name: 'log', file: 'Corefile', line: 2 })
})

t.test('an argument may explain what is wrong with a word', async t => {
  const even: Argument<number> = {
    expected: 'an even number',
    parse: word => (Number(word) % 2 === 0 ? Number(word) : undefined),
    explain: word => (word === '1' ? 'it is odd' : undefined),
  }
  t.throws(() => new Directive(directiveText('cache 1')).one(even), {
    message: 'Corefile:2: cache: expected an even number, not "1": it is odd',
  })
  t.throws(() => new Directive(directiveText('cache x')).one(even), {
    message: 'Corefile:2: cache: expected an even number, not "x"',
  })
})
