/**
 * Random changes behind random faults. `SEED=123` repeats one run, `SEEDS=100` makes as many.
 */
import t from 'tap'
import { seed } from '../../test/support/random.ts'
import { ReflectorChaos } from '../../test/support/reflector-chaos.ts'

const runs = process.env['SEED'] === undefined ? Number(process.env['SEEDS'] ?? 3) : 1

for (let run = 0; run < runs; run++) {
  t.test(`the sink comes to what the server has, whatever happens: SEED=${seed + run}`, async t => {
    await ReflectorChaos.run(seed + run)
    t.pass(`SEED=${seed + run}`)
  })
}
