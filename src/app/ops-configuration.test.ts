import t from 'tap'
import { parseFiles } from '../../test/support/corefile-files.ts'
import { enabledPlugins } from './ops-configuration.ts'
import { planServing } from './serving-plan.ts'

t.test(
  'enabledPlugins() has a row for each plugin of each zone, with the name of its view',
  async t => {
    const corefile = `a.example b.example {
    view inside {
      expr type() == 'A'
    }
    whoami
  }
  a.example:1053 {
    acl
    acl
  }`
    const rows = enabledPlugins(planServing(parseFiles({ Corefile: corefile })))
    t.strictSame(
      rows.map(({ labels: { server, zone, view, name } }) => `${server} ${zone} ${view} ${name}`),
      [
        'dns://:53 a.example. inside view',
        'dns://:53 a.example. inside whoami',
        'dns://:53 b.example. inside view',
        'dns://:53 b.example. inside whoami',
        'dns://:1053 a.example.  acl',
      ],
    )
  },
)
