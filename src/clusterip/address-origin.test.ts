import t from 'tap'
import { parseCidr } from '../lib/cidr.ts'
import { type AddressOrigin, originOf } from './address-origin.ts'
import { AddressPool } from './address-pool.ts'

/** What `default/web` leads to, and the one after it. */
const [home, next] = ['10.96.21.59', '10.96.21.60']

type Case = [
  why: string,
  address: string,
  others: string[],
  isWritten: boolean | undefined,
  origin: AddressOrigin,
]

const cases: Case[] = [
  ['the first choice', home, [], undefined, 'stable'],
  ['the first choice, by nobody', home, [], false, 'stable'],
  ['the first choice, written', home, [], true, 'user'],
  ['the next one, because the first is taken', next, [home], false, 'stable'],
  ['the next one, though the first is free', next, [], false, 'server'],
  ['the dynamic band', '10.96.200.1', [], undefined, 'server'],
  ['the static band', '10.96.0.10', [], undefined, 'user'],
  ['the static band, by nobody', '10.96.0.10', [], false, 'server'],
  ['the first choice, which another has too', home, [home], false, 'stable'],
  ['outside', '10.99.0.1', [], undefined, 'server'],
  ['no address', 'web', [], undefined, 'server'],
]

t.test('originOf() tells where a cluster IP comes from', async t => {
  for (const [why, address, others, isWritten, origin] of cases) {
    const pool = new AddressPool([parseCidr('10.96.0.0/16')!])
    for (const other of others) pool.restore(other, 'default/other')
    pool.restore(address, 'default/web')
    const before = [pool.ownerOf(address), pool.usage()]
    t.equal(originOf(address, 'default/web', { pool, isWritten }), origin, why)
    t.same([pool.ownerOf(address), pool.usage()], before, `${why}: nothing is changed`)
  }
})
