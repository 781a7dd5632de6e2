import t from 'tap'
import type { RawObject } from '../../src/objects/raw-value.ts'
import { manifestKinds } from '../../src/sources/manifest-kinds.ts'
import { toApiObject } from '../support/api-objects.ts'
import { conformanceCluster } from '../support/conformance-cluster.ts'

t.test('the manifests of the conformance cases say the objects that the cases are about', t => {
  for (const object of conformanceCluster) {
    const api = toApiObject(object) as RawObject
    const reduced = manifestKinds.get(object.kind)?.reduce(api)
    t.match(reduced, [object], `${object.kind} ${object.name}`)
  }
  t.end()
})
