/** Prints the objects of the conformance cases as manifests, for a server that is to be asked them. */
import { dump } from 'js-yaml'
import { toApiObject } from '../test/support/api-objects.ts'
import { conformanceCluster } from '../test/support/conformance-cluster.ts'

for (const object of conformanceCluster) process.stdout.write(`---\n${dump(toApiObject(object))}`)
