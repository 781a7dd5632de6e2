import t from 'tap'
import { hasWrittenClusterIp } from './field-managers.ts'

const fields = (...names: string[]): object => ({
  manager: 'kubectl',
  fieldsV1: { 'f:spec': Object.fromEntries(names.map(name => [name, {}])) },
})

t.test('hasWrittenClusterIp() goes by the managers of fields', async t => {
  const cases: [managedFields: unknown, isWritten: boolean | undefined][] = [
    [undefined, undefined],
    [[], undefined],
    [[fields('f:ports')], false],
    [[fields('f:ports'), fields('f:clusterIP')], true],
    [[fields('f:clusterIPs')], true],
    [[{ manager: 'x' }], false],
  ]
  for (const [managedFields, isWritten] of cases)
    t.equal(hasWrittenClusterIp({ metadata: { managedFields } }), isWritten)
})
