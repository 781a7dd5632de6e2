import t from 'tap'
import { ReviewedCluster } from '../../test/support/service-reviews.ts'
import { AddressView } from './service-address-view.ts'
import { answerClaim } from './service-claim-route.ts'
import { ClaimDesk } from './service-claim-desk.ts'
import { sealClaim, sealKeyOf } from './service-claim-seal.ts'
import { defaultPolicy } from './service-policy.ts'

const key = sealKeyOf('a key')
const never = new AbortController().signal
const claim = '{"address":"10.96.0.9","key":"a/b"}'

const cases: [why: string, body: string, status: number, answer?: string][] = [
  ['granted', claim, 200, 'granted'],
  ['taken', claim.replace('a/b', 'c/d'), 200, 'taken'],
  ['not canonical', '{"address":"FD00::A","key":"a/b"}', 400],
  ['no address', '{"address":"web","key":"a/b"}', 400],
  ['no key', '{"address":"10.96.0.9"}', 400],
  ['a name alone', '{"address":"10.96.0.9","key":"b"}', 400],
  ['a list', '[]', 400],
  ['no JSON', '{', 400],
]

t.test('answerClaim() answers what replicas ask', async t => {
  const { desk } = new ReviewedCluster({ cidrs: ['10.96.0.0/16'] })
  const options = { desk, keys: () => [key], clock: () => 5 }
  for (const [why, body, status, answer] of cases) {
    const seal = sealClaim(body, 5, key)
    const reply = await answerClaim(options, { body, seal }, never)
    t.equal(reply.status, status, why)
    t.equal(reply.body.answer, answer, why)
    t.equal(reply.body.error === undefined, status === 200, why)
  }
})

t.test('answerClaim() answers nobody else', async t => {
  const { desk } = new ReviewedCluster({ cidrs: ['10.96.0.0/16'] })
  const options = { desk, keys: () => [key], clock: () => 5 }
  for (const seal of [undefined, '', sealClaim(claim, 5, sealKeyOf('another'))])
    t.match(await answerClaim(options, { body: claim, seal }, never), { status: 401 })
  t.equal(desk.size, 0)
})

t.test('answerClaim() says that the cluster is not known so far', async t => {
  const view = new AddressView({ policy: defaultPolicy, serviceCidrs: [] })
  const desk = new ClaimDesk(view, new ReviewedCluster().time)
  const options = { desk, keys: () => [key], clock: () => 5 }
  const seal = sealClaim(claim, 5, key)
  t.match(await answerClaim(options, { body: claim, seal }, never), { status: 503 })
})
