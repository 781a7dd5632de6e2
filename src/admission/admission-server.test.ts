import t from 'tap'
import { AskedAdmission, type HttpAsk, reviewOf } from '../../test/support/admission-client.ts'
import { until } from '../../test/support/until.ts'
import { type AdmissionDecision, NotNow, type Reviewer } from './review.ts'

const nothing: AdmissionDecision = {
  allowed: true,
  patch: [],
  warnings: [],
  audit: {},
  outcome: 'none',
}
const json = { 'content-type': 'application/json' }
const good = JSON.stringify(reviewOf())

function text(changes: object): string {
  return JSON.stringify({ ...reviewOf(), ...changes })
}

interface BadInput extends HttpAsk {
  readonly what: string
  readonly status: number
  readonly has?: Readonly<Record<string, string>>
  readonly says?: RegExp
}

const badInputs: readonly BadInput[] = [
  { what: 'not POST', method: 'GET', status: 405, has: { allow: 'POST' } },
  { what: 'not POST, with a body', method: 'PUT', body: good, status: 405, has: { allow: 'POST' } },
  { what: 'HEAD', method: 'HEAD', status: 405, has: { allow: 'POST' } },
  { what: 'another path', path: '/nodes', body: good, status: 404 },
  { what: 'another path, no JSON', path: '/', headers: {}, body: 'x', status: 404 },
  { what: 'a path that does not read', path: '/%zz', body: good, status: 400 },
  {
    what: 'parameters of the content type',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: good,
    status: 200,
  },
  { what: 'text', headers: { 'content-type': 'text/plain' }, body: good, status: 415 },
  {
    what: 'protobuf',
    headers: { 'content-type': 'application/vnd.kubernetes.protobuf' },
    body: good,
    status: 415,
  },
  {
    what: 'another JSON',
    headers: { 'content-type': 'application/jsonx' },
    body: good,
    status: 415,
  },
  { what: 'no content type', headers: {}, body: good, status: 415 },
  { what: 'neither content type nor body', headers: {}, body: '', status: 400 },
  { what: 'no body', body: '', status: 400 },
  { what: 'no JSON', body: '{"apiVersion":', status: 400 },
  {
    what: 'a secret that is no JSON',
    body: '{"password": hunter2}',
    status: 400,
    says: /^(?!.*hunter2)/s,
  },
  { what: 'bytes', body: Buffer.from([0xff, 0xfe, 0, 1]), status: 400 },
  { what: '__proto__', body: good.replace('"spec":', '"__proto__":'), status: 400 },
  {
    what: '__proto__, escaped',
    body: good.replace('"spec":', String.raw`"\u005f_proto__":`),
    status: 400,
  },
  {
    what: 'a prototype of the constructor',
    body: good.replace('"spec":', '"constructor":{"prototype":1},"spec":'),
    status: 400,
  },
  { what: '100,000 arrays', body: '['.repeat(100_000), status: 400 },
  { what: '100,000 arrays that end', body: '['.repeat(100_000) + ']'.repeat(100_000), status: 400 },
  {
    what: '65 objects',
    body: text({ more: JSON.parse('{"a":'.repeat(64) + '1' + '}'.repeat(64)) }),
    status: 400,
  },
  {
    what: '64 objects',
    body: text({ more: JSON.parse('{"a":'.repeat(63) + '1' + '}'.repeat(63)) }),
    status: 200,
  },
  {
    what: 'brackets in strings',
    body: text({ more: `${'['.repeat(100)}"${'{'.repeat(100)}\\` }),
    status: 200,
  },
  { what: 'an array', body: '[]', status: 400, says: /expected an object/ },
  { what: 'null', body: 'null', status: 400 },
  {
    what: 'another kind',
    body: text({ kind: 'TokenReview' }),
    status: 400,
    says: /expected apiVersion admission.k8s.io\/v1 and kind AdmissionReview/,
  },
  {
    what: 'v1beta1',
    body: text({ apiVersion: 'admission.k8s.io/v1beta1' }),
    status: 400,
    says: /admission.k8s.io\/v1 /,
  },
  { what: 'no request', body: text({ request: undefined }), status: 400 },
  { what: 'a request that is an array', body: text({ request: [] }), status: 400 },
  { what: 'no uid', body: JSON.stringify(reviewOf({ uid: undefined })), status: 400 },
  { what: 'a uid that is empty', body: JSON.stringify(reviewOf({ uid: '' })), status: 400 },
  { what: 'a uid that is a number', body: JSON.stringify(reviewOf({ uid: 1 })), status: 400 },
  { what: 'no kind', body: JSON.stringify(reviewOf({ kind: undefined })), status: 400 },
  { what: 'no operation', body: JSON.stringify(reviewOf({ operation: null })), status: 400 },
  { what: 'no resource', body: JSON.stringify(reviewOf({ resource: 'pods' })), status: 400 },
  { what: 'a name that is a number', body: JSON.stringify(reviewOf({ name: 1 })), status: 400 },
  {
    what: 'a dry run that is text',
    body: JSON.stringify(reviewOf({ dryRun: 'true' })),
    status: 400,
  },
  { what: 'a user that is text', body: JSON.stringify(reviewOf({ userInfo: 'me' })), status: 400 },
  { what: 'CREATE of null', body: JSON.stringify(reviewOf({ object: null })), status: 400 },
  { what: 'CREATE of text', body: JSON.stringify(reviewOf({ object: 'x' })), status: 400 },
  {
    what: 'UPDATE of null',
    body: JSON.stringify(reviewOf({ operation: 'UPDATE', oldObject: {}, object: null })),
    status: 400,
  },
  {
    what: 'UPDATE from null',
    body: JSON.stringify(reviewOf({ operation: 'UPDATE' })),
    status: 400,
  },
  {
    what: 'DELETE',
    body: JSON.stringify(reviewOf({ operation: 'DELETE', object: null, oldObject: {} })),
    status: 200,
  },
  {
    what: 'fields nobody has heard of',
    body: JSON.stringify(reviewOf({ novel: 1, object: { spec: { novel: [[]] } } })),
    status: 200,
  },
]

t.test('bad input has its status', async t => {
  const asked = await AskedAdmission.open(t, {
    reviewers: new Map([['/pods', () => nothing]]),
  })
  for (const { what, status, has = {}, says, ...ask } of badInputs) {
    const answer = await asked.ask({ headers: json, ...ask })
    t.equal(answer.status, status, `${what}: ${answer.text}`)
    t.match(answer.headers, has, what)
    if (says) t.match(answer.text, says, what)
  }
  t.same(asked.logged, [], 'who sends it is told, the log is not')
})

t.test('what nobody here is for is allowed as it is', async t => {
  const reviewers = new Map<string, Reviewer>([['/pods', () => t.fail('not asked') as never]])
  const asked = await AskedAdmission.open(t, { reviewers })
  const cases = [
    reviewOf({ operation: 'REPLACE' }),
    reviewOf({ resource: { group: 'serving.knative.dev', version: 'v1', resource: 'services' } }),
    reviewOf({ resource: { group: '', version: 'v2', resource: 'pods' } }),
  ]
  for (const body of cases) {
    const { status, text } = await asked.review(body)
    t.equal(status, 200)
    t.same(JSON.parse(text).response, { uid: 'c2b1', allowed: true })
  }
})

t.test('a reviewer that cannot decide, or fails, has its status', async t => {
  const cases: readonly [what: string, reviewer: Reviewer, status: number, retryAfter?: string][] =
    [
      [
        'not synced',
        () => {
          throw new NotNow(503, 'not read yet')
        },
        503,
        '1',
      ],
      [
        'too much',
        async () => {
          throw new NotNow(429, 'too much')
        },
        429,
        '1',
      ],
      [
        'fault',
        () => {
          throw new Error('secret: hunter2')
        },
        500,
      ],
      [
        'fault later',
        async () => {
          throw new TypeError('secret: hunter2')
        },
        500,
      ],
      [
        'fault with a status',
        () => {
          throw Object.assign(new Error('hunter2'), { statusCode: 500 })
        },
        500,
      ],
      [
        'no error at all',
        () => {
          throw 'hunter2'
        },
        500,
      ],
    ]
  for (const [what, reviewer, status, retryAfter] of cases) {
    const asked = await AskedAdmission.open(t, { reviewers: new Map([['/pods', reviewer]]) })
    const answer = await asked.review(reviewOf())
    t.equal(answer.status, status, what)
    t.equal(answer.headers['retry-after'], retryAfter, what)
    t.notMatch(answer.text + asked.logged.join(), /hunter2|secret/, what)
    t.equal(asked.logged.length, status === 500 ? 1 : 0, what)
    const labels = { webhook: 'pods', operation: 'CREATE', code: String(status) }
    await until(
      `${what} is counted`,
      () => asked.metric('signpost_admission_requests_total', labels) === 1,
    )
  }
})
