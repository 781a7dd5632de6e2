import t from 'tap'
import { namespace, service, upserts } from '../../test/support/cluster-objects.ts'
import { RrType } from '../dns/rr-type.ts'
import { ServiceStore } from '../store/service-store.ts'
import { collectAnswers, ownAnswers } from './collect-answers.ts'

const delta = new ServiceStore().apply(
  upserts(
    namespace('default'),
    service('default/web', { ips: ['10.0.0.1'], ports: ['80'] }),
    service('default/alias', { externalName: 'web.default.svc.example.local' }),
  ),
)

t.test('collectAnswers() has the names of all zones and what belongs to them', async t => {
  const names = collectAnswers({ furtherZones: ['example.local'] }, delta, 7)
  const types = (key: string): readonly number[] =>
    ownAnswers(names.get(key)?.answers ?? []).map(({ type }) => type)
  t.strictSame(types('local\0cluster\0svc\0default\0web'), [RrType.a, RrType.srv])
  t.strictSame(types('local\0example\0svc\0default\0web'), [RrType.a, RrType.srv])
  t.strictSame(types('local\0example\0svc\0default\0alias'), [RrType.cname])
  t.strictSame(types('local\0example'), [RrType.ns, RrType.soa])
  t.strictSame(names.get('local\0example\0svc\0default')?.answers, [])
})
