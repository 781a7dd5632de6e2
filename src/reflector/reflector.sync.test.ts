/** How a reflector comes to all objects, and when it takes what is missing for gone. */
import t from 'tap'
import {
  type Answer,
  checkReflectorCases,
  putService,
  serve,
  service,
  versionOf,
} from '../../test/support/reflector-cases.ts'
import { until } from '../../test/support/until.ts'
import { servicesPath } from '../../test/support/reflected-collection.ts'

const refuse =
  (code: number, fields = {}): Answer =>
  call =>
    call.refuse(code, fields)
const unsupported = refuse(422, { reason: 'Invalid' })
/** The first object, and then the end of the connection. */
const dieMidway: Answer = call => call.head().frame('ADDED', versionOf('a', 2)).cutOff()

checkReflectorCases(t, [
  { name: 'a streamed list goes on as a watch on the same connection', calls: ['init'] },
  {
    name: 'an object of a list that is not whole is no place to resume from',
    answers: [dieMidway],
    calls: ['init', 'init'],
    troubles: ['trouble network', 'healed'],
  },
  ...[400, 405, 415, 422, 501].map(status => ({
    name: `a server that answers a streamed list with ${status} is asked for pages, then and later`,
    answers: [refuse(status)],
    act: async (server: Parameters<Answer>[1]) => {
      await until('the watch has begun', () => server.calls.length === 4)
      server.hangUp()
      putService(server, 'd')
      server.log.compact()
    },
    calls: ['init', 'list', 'page', 'watch 4', 'watch 4', 'list', 'page'],
    counters: { gone: 1 },
  })),
  {
    name: 'a list that a server never ends is asked for in pages',
    timing: { unfinishedMs: 300 },
    answers: [call => call.head().frame('ADDED', versionOf('a', 2)).bookmark(3)],
    calls: ['init', 'list', 'page', 'watch 4'],
  },
  {
    name: 'a server that does not even send headers for a streamed list is asked for pages',
    timing: { unfinishedMs: 300 },
    answers: [() => {}],
    calls: ['init', 'list', 'page', 'watch 4'],
  },
  {
    name: 'a list whose continuation is gone begins again',
    answers: [unsupported, serve, refuse(410, { reason: 'Expired' })],
    calls: ['init', 'list', 'page', 'list', 'page', 'watch 4'],
    troubles: ['trouble gone', 'healed'],
  },
  {
    name: 'a page that is cut short counts for nothing',
    answers: [
      unsupported,
      call => call.head({ 'content-length': '1000' }).breakAfter(3, 'reset').text('{"items":[]}'),
      call => call.head().text('{"kind":"List","metadata":{"resource').end(),
      call =>
        call.head().text('{"kind":"List","metadata":{"resourceVersion":"9"},"items":[{}]}').end(),
      call => call.head().text('[]').end(),
    ],
    calls: ['init', 'list', 'list', 'list', 'list', 'list', 'page', 'watch 4'],
    troubles: ['trouble network', 'trouble protocol', 'healed'],
  },
  {
    name: 'a page that is HTML counts for nothing',
    answers: [call => call.head({ 'content-type': 'text/html' }).text('<h1>Sign in</h1>').end()],
    calls: ['init', 'init'],
    troubles: ['trouble protocol', 'healed'],
  },
  {
    name: 'an error of the server is tried again',
    answers: [refuse(503)],
    calls: ['init', 'init'],
    troubles: ['trouble server', 'healed'],
  },
  {
    // kube-apiserver 1.36 with an etcd that lacks RequestWatchProgress.
    name: 'a server that answers each streamed list with an error is asked for pages',
    answers: [
      call => call.head().error(500, { reason: 'InternalError' }).end(),
      call => call.head().error(500, { reason: 'InternalError' }).end(),
    ],
    calls: ['init', 'init', 'list', 'page', 'watch 4'],
    troubles: ['trouble server', 'healed'],
  },
  {
    name: 'after three failures at the start a list that may be old will do',
    answers: Array.from({ length: 3 }, () => refuse(429)),
    calls: ['init', 'init', 'init', 'init 0'],
    troubles: ['trouble throttled', 'healed'],
  },
  {
    name: 'a list that dies midway each time sweeps nothing',
    answers: [serve, refuse(410), ...Array.from({ length: 6 }, () => dieMidway)],
    act: server => {
      server.hangUp()
      server.delete(servicesPath, service('b'))
    },
    calls: [
      'init',
      'watch 4',
      'init 4',
      'init 4',
      'init 4',
      'init 4',
      'init 4',
      'init 4',
      'init 4',
    ],
    troubles: ['trouble network', 'healed'],
    counters: { gone: 1, swept: 1 },
  },
  {
    name: 'a watch that begins before what the server remembers lists again and sweeps',
    act: server => {
      server.hangUp()
      server.delete(servicesPath, service('b'))
      server.log.compact()
    },
    calls: ['init', 'watch 4', 'init 4'],
    counters: { gone: 1, swept: 1 },
  },
  {
    name: 'the same as a status of HTTP',
    answers: [serve, refuse(410, { reason: 'Expired' })],
    act: server => {
      server.hangUp()
      server.delete(servicesPath, service('b'))
    },
    calls: ['init', 'watch 4', 'init 4'],
    counters: { gone: 1, swept: 1 },
  },
  {
    name: 'a list that is gone again asks for the newest state',
    answers: [serve, refuse(410), refuse(410)],
    act: server => server.hangUp(),
    calls: ['init', 'watch 4', 'init 4', 'init'],
    counters: { gone: 2 },
  },
  {
    name: 'a server that knows less than another did is given time, then asked for what it has',
    answers: [serve, refuse(410), ...Array.from({ length: 3 }, tooLarge)],
    act: server => server.hangUp(),
    calls: ['init', 'watch 4', 'init 4', 'init 4', 'init 4', 'init'],
    troubles: ['trouble ahead', 'healed'],
    counters: { gone: 1, ahead: 1 },
  },
  {
    name: 'deleted and created again by the same name while nobody looked',
    act: server => {
      server.hangUp()
      server.delete(servicesPath, service('b'))
      putService(server, 'b', { spec: { clusterIP: '10.96.0.9' } })
      server.log.compact()
    },
    calls: ['init', 'watch 4', 'init 4'],
    counters: { gone: 1 },
  },
])

function tooLarge(): Answer {
  return refuse(504, {
    reason: 'Timeout',
    message: 'Timeout: Too large resource version: 4, current: 3',
    details: { causes: [{ reason: 'ResourceVersionTooLarge' }] },
  })
}
