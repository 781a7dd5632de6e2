import t from 'tap'
import { objectKey } from './change.ts'

t.test('objectKey() joins namespace and name', async t => {
  t.equal(objectKey({ namespace: 'default', name: 'web' }), 'default/web')
  t.equal(objectKey({ namespace: '', name: 'default' }), '/default')
})
