import t from 'tap'
import { type ScriptedAnswer, ScriptedServer } from '../../test/support/scripted-server.ts'
import { ApiClient } from './api-client.ts'

const target = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  namespace: 'default',
  name: 'links',
}
const path = '/api/v1/namespaces/default/configmaps'
const metadata = { name: 'links', namespace: 'default', resourceVersion: '7' }
const stored = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { secret: 'hush' } }
const status = (code: number, fields: object = {}): ScriptedAnswer => ({
  status: code,
  body: { kind: 'Status', code, reason: 'Because', message: 'it says hush', ...fields },
})
const signal = new AbortController().signal

interface Case {
  readonly name: string
  readonly does: (client: ApiClient) => Promise<unknown>
  readonly answers: readonly ScriptedAnswer[]
  readonly sent: readonly string[]
  readonly body?: unknown
  readonly type?: string
  readonly result?: unknown
  readonly fails?: RegExp
}

const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { resourceVersion: '7' } }
const get = (client: ApiClient): Promise<unknown> => client.get(target, signal)
const create = (client: ApiClient): Promise<unknown> => client.create(target, body, signal)
const done = { outcome: 'done', object: stored }
const ok: ScriptedAnswer = { status: 200, body: stored }

const cases: readonly Case[] = [
  { name: 'get', does: get, answers: [ok], sent: [`GET ${path}/links`], body: '', result: done },
  {
    name: 'get nothing',
    does: get,
    answers: [status(404)],
    sent: [`GET ${path}/links`],
    result: { outcome: 'missing' },
  },
  {
    name: 'create',
    does: create,
    answers: [{ status: 201, body: stored }],
    sent: [`POST ${path}`],
    body: { ...body, metadata },
    type: 'application/json',
    result: done,
  },
  {
    name: 'create what is there',
    does: create,
    answers: [status(409)],
    sent: [`POST ${path}`],
    result: { outcome: 'conflict' },
  },
  {
    name: 'replace',
    does: client => client.replace(target, body, signal),
    answers: [ok],
    sent: [`PUT ${path}/links`],
    body: { ...body, metadata },
    result: done,
  },
  {
    name: 'merge patch',
    does: client => client.patch(target, { data: { a: 'b' } }, signal),
    answers: [ok],
    sent: [`PATCH ${path}/links`],
    body: { data: { a: 'b' } },
    type: 'application/merge-patch+json',
    result: done,
  },
  {
    name: 'JSON patch of a version that is no more',
    does: client => client.patch(target, [{ op: 'remove', path: '/data' }], signal),
    answers: [status(409)],
    sent: [`PATCH ${path}/links`],
    body: [{ op: 'remove', path: '/data' }],
    type: 'application/json-patch+json',
    result: { outcome: 'conflict' },
  },
  {
    name: 'delete one version',
    does: client => client.delete(target, { resourceVersion: '7' }, signal),
    answers: [{ status: 200, body: { kind: 'Status', status: 'Success' } }],
    sent: [`DELETE ${path}/links`],
    body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { resourceVersion: '7' } },
    result: 'done',
  },
  {
    name: 'delete what is gone',
    does: client => client.delete(target, {}, signal),
    answers: [status(404)],
    sent: [`DELETE ${path}/links`],
    result: 'missing',
  },
  {
    name: 'a server that asks for a moment is asked again',
    does: create,
    answers: [{ ...status(429), headers: { 'retry-after': '0' } }, ok],
    sent: [`POST ${path}`, `POST ${path}`],
    result: done,
  },
  {
    name: 'a moment that is longer than there is time for',
    does: create,
    answers: [{ ...status(503), headers: { 'retry-after': '60' } }],
    sent: [`POST ${path}`],
    fails: /^Cannot create "configmaps" at "http:\/\/127.0.0.1:\d+": it says hush$/,
  },
  {
    name: 'credentials that are refused are read again, once',
    does: get,
    answers: [status(401), status(401)],
    sent: [`GET ${path}/links`, `GET ${path}/links`],
    fails: /^Cannot get "configmaps"/,
  },
  {
    name: 'a fault of the object is not quoted',
    does: create,
    answers: [status(422)],
    sent: [`POST ${path}`],
    fails: /^Cannot create "configmaps" at "[^"]+": HTTP status 422 Because$/,
  },
  {
    name: 'a failure is not repeated',
    does: create,
    answers: [status(500)],
    sent: [`POST ${path}`],
    fails: /^Cannot create/,
  },
  {
    name: 'an answer that is no object',
    does: get,
    answers: [{ status: 200, body: '<html>hush' }],
    sent: [`GET ${path}/links`],
    fails: /^Cannot get "configmaps" at "[^"]+": the answer is no object$/,
  },
  {
    name: 'no answer',
    does: get,
    answers: [],
    sent: [`GET ${path}/links`],
    fails: /: nothing came for|did not end its answer in time$/,
  },
]

for (const { name, does, answers, sent, body, type, result, fails } of cases) {
  t.test(`ApiClient: ${name}`, async t => {
    await using server = await ScriptedServer.open(...answers)
    const client = new ApiClient({ access: server.access, deadlineMs: 1000 })
    if (fails) await t.rejects(does(client), { name: 'WatchError', message: fails })
    else t.strictSame(await does(client), result)
    t.strictSame(
      server.requests.map(({ line }) => line),
      sent,
    )
    const [request] = server.requests
    if (body === '') t.equal(request!.body, '')
    else if (body !== undefined) t.strictSame(JSON.parse(request!.body), body)
    if (type !== undefined) t.equal(request!.headers['content-type'], type)
    if (name.startsWith('credentials')) t.strictSame(server.connects, [undefined, 'refused'])
  })
}

t.test('ApiClient ends with its signal', async t => {
  await using server = await ScriptedServer.open()
  const stop = new AbortController()
  const asked = new ApiClient({ access: server.access }).get(target, stop.signal)
  stop.abort()
  await t.rejects(asked)
})
