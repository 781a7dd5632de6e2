/** What a reflector makes of what comes on a watch, and where it goes on after one. */
import t from 'tap'
import {
  type Answer,
  checkReflectorCases,
  putService,
  serve,
  service,
  versionOf,
} from '../../test/support/reflector-cases.ts'
import type { FakeApiServer } from '../../test/support/fake-api-server.ts'
import { servicesPath } from '../../test/support/reflected-collection.ts'
import { until } from '../../test/support/until.ts'

const hangUp = (server: FakeApiServer): void => server.hangUp()
/** An answer to a watch, written as a whole; the end of the connection follows. */
const write =
  (text: string): Answer =>
  call =>
    call.head().text(text).end()
const frame = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`
const status = (code: number, fields = {}): object => ({ kind: 'Status', code, ...fields })
const refuse =
  (code: number, fields = {}, headers = {}): Answer =>
  call =>
    call.refuse(code, fields, headers)
const times = (count: number, answer: Answer): Answer[] =>
  Array.from({ length: count }, () => answer)

checkReflectorCases(t, [
  {
    name: 'a watch goes on after the last event',
    act: async (server, seen) => {
      putService(server, 'd')
      server.delete(servicesPath, service('a'))
      await seen.equal()
      server.hangUp()
    },
    calls: ['init', 'watch 6'],
  },
  {
    name: 'a bookmark moves the place to go on from',
    act: async (server, seen) => {
      server.log.version = 50
      server.bookmark()
      putService(server, 'd')
      await seen.equal()
      server.log.version = 60
      server.bookmark()
      server.endWatches()
    },
    calls: ['init', 'watch 60'],
  },
  {
    name: 'a reset within a frame that came byte by byte, between the bytes of a character',
    answers: [
      serve,
      call => {
        const whole = Buffer.from(frame('ADDED', { ...versionOf('d', 5), text: 'grüße 🚏' }))
        const cut = Buffer.from(frame('ADDED', { ...versionOf('e', 6), text: '🚏' }))
        call.head()
        for (const byte of whole) call.text(Buffer.of(byte))
        call.breakAfter(cut.length - 5, 'reset').text(cut)
      },
    ],
    act: async (server, seen) => {
      server.hangUp()
      putService(server, 'd', { text: 'grüße 🚏' })
      putService(server, 'e', { text: '🚏' })
      await seen.equal()
      if (seen.objects.get('x/d')!['text'] !== 'grüße 🚏') throw new Error('damaged')
    },
    // A reset may overtake what was sent before it.
    calls: ['init', 'watch 4'],
  },
  ...[
    ['text', 'no json\n'],
    ['JSON that is cut', '{"type":"ADDED","object":{"metadata":{"name":"d"\n'],
    ['an object without a version', frame('ADDED', { metadata: { name: 'd' } })],
    ['an object without a name', frame('ADDED', { metadata: { resourceVersion: '5' } })],
    ['a type that is unknown', frame('RENAMED', versionOf('d', 5))],
    ['an error without a Status', frame('ERROR', {})],
    ['a bookmark without a version', frame('BOOKMARK', { metadata: {} })],
    ['no object', frame('ADDED', null)],
    ['null', 'null\n'],
    ['a frame that the end cuts', frame('ADDED', versionOf('d', 5)).slice(0, -9)],
  ].map(([what, text]) => ({
    name: `a frame that cannot be understood is never skipped: ${what}`,
    answers: [serve, write(`${text}${frame('ADDED', versionOf('e', 6))}`)],
    act: (server: FakeApiServer) => {
      server.hangUp()
      putService(server, 'd')
      putService(server, 'e')
    },
    calls: ['init', 'watch 4', 'watch 4'],
    troubles: ['trouble protocol', 'healed'],
    counters: { badFrames: 1 },
  })),
  {
    name: 'a frame that is longer than any object',
    timing: { maxFrameBytes: 100_000 },
    answers: [serve, write('x'.repeat(200_000))],
    act: hangUp,
    calls: ['init', 'watch 4', 'watch 4'],
    troubles: ['trouble protocol', 'healed'],
    counters: { badFrames: 1 },
  },
  {
    name: 'a frame of 3 MB',
    act: server => putService(server, 'big', { text: 'x'.repeat(3_000_000) }),
    calls: ['init'],
  },
  {
    name: 'an answer that is HTML',
    answers: [serve, call => call.head({ 'content-type': 'text/html' }).text('<p>').end()],
    act: hangUp,
    calls: ['init', 'watch 4', 'watch 4'],
    troubles: ['trouble protocol', 'healed'],
  },
  {
    name: 'too many requests are no reason to list',
    answers: [serve, refuse(429, {}, { 'retry-after': '1' }), refuse(429)],
    act: hangUp,
    calls: ['init', 'watch 4', 'watch 4', 'watch 4'],
    troubles: ['trouble throttled', 'healed'],
  },
  {
    name: 'an error within the stream goes on from where it was, and in the end lists all',
    answers: [serve, ...times(5, write(frame('ERROR', status(500))))],
    act: hangUp,
    calls: ['init', ...times(5, serve).map(() => 'watch 4'), 'init'],
    troubles: ['trouble server', 'healed'],
    counters: { stuck: 1 },
  },
  {
    name: 'a server that does not know our version yet is given time, then asked for what it has',
    answers: [
      serve,
      ...times(3, write(frame('ERROR', status(504, { message: 'Too large resource version: 4' })))),
    ],
    act: hangUp,
    calls: ['init', 'watch 4', 'watch 4', 'watch 4', 'init'],
    troubles: ['trouble ahead', 'healed'],
    counters: { ahead: 1 },
  },
  {
    name: 'a bookmark that goes back means that the server has',
    answers: [serve, call => call.head().bookmark(3)],
    act: hangUp,
    calls: ['init', 'watch 4', 'init'],
    counters: { behind: 1 },
  },
  {
    name: 'a server that has gone back and says nothing is found out by asking',
    timing: { silenceMs: 60 },
    act: server => {
      server.hangUp()
      server.log.restore(3)
    },
    calls: ['init', 'watch 4', 'probe', 'init'],
    counters: { behind: 1, swept: 1 },
  },
  {
    name: 'a connection that has gone silent is left',
    timing: { silenceMs: 60 },
    answers: [serve, call => call.head()],
    act: async server => {
      server.hangUp()
      putService(server, 'd')
      await until('it has left', () => server.calls.length === 4)
    },
    calls: ['init', 'watch 4', 'probe', 'watch 4'],
  },
  {
    name: 'a server that neither reads nor writes any more is left',
    timing: { silenceMs: 120, unfinishedMs: 120 },
    answers: [serve, call => call.socket.pause(), call => call.socket.pause()],
    act: async server => {
      server.hangUp()
      putService(server, 'd')
      await until('it has left', () => server.calls.length === 5)
    },
    calls: ['init', 'watch 4', 'probe', 'probe', 'watch 4'],
  },
  {
    name: 'a watch that the server does not end in time is left',
    timing: { watchFromSeconds: 0, watchToSeconds: 0, overdueMs: 150 },
    act: async server => until('it has left', () => server.calls.length === 3),
    calls: ['init', 'probe', 'watch 4'],
  },
  {
    name: 'a quiet watch that ends in order is followed by a small list',
    timing: { longWatchMs: 0 },
    answers: [serve, write(''), serve, serve],
    act: server => server.endWatches(),
    calls: ['init', 'watch 4', 'probe', 'watch 4'],
  },
  {
    name: 'twice the same, an older version, and the end of what was not known',
    answers: [
      serve,
      call => {
        call.head()
        for (const version of [5, 5, 3, 5]) call.frame('MODIFIED', versionOf('a', version))
        call.frame('DELETED', versionOf('nobody', 6)).frame('DELETED', versionOf('nobody', 6))
      },
    ],
    act: async (server, seen) => {
      server.hangUp()
      putService(server, 'a')
      server.log.version = 6
      await until('all have come', () => seen.writes.length === 6)
      server.hangUp()
    },
    calls: ['init', 'watch 4', 'watch 6'],
  },
  {
    name: 'an object that cannot be kept is left out, and the rest goes on',
    onUpsert: object => {
      if (object['isPoison']) throw new TypeError('poison')
    },
    act: async (server, seen) => {
      putService(server, 'b', { isPoison: true })
      putService(server, 'd')
      await until('d is there', () => seen.objects.has('x/d'))
      server.delete(servicesPath, service('b'))
    },
    calls: ['init'],
    troubles: ['failed b'],
    counters: { applyErrors: 1 },
  },
  {
    name: 'a watch that stands is well, also where nothing comes',
    timing: { longWatchMs: 20 },
    answers: [serve, refuse(429), refuse(429)],
    act: async (server, seen) => {
      server.hangUp()
      await until('it is well', () => seen.said.includes('healed'))
    },
    calls: ['init', 'watch 4', 'watch 4', 'watch 4'],
    troubles: ['trouble throttled', 'healed'],
  },
  {
    name: 'down, changed meanwhile, and up again',
    answers: [serve, ...times(6, call => call.reset())],
    act: server => {
      server.hangUp()
      server.delete(servicesPath, service('a'))
      putService(server, 'b')
      putService(server, 'd')
    },
    calls: ['init', ...times(7, serve).map(() => 'watch 4')],
    troubles: ['trouble network', 'healed'],
  },
])
