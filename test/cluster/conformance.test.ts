/** The conformance cases once more, put to a server of a real cluster that has their objects. */
import { networkInterfaces } from 'node:os'
import t from 'tap'
import { caseTables } from '../conformance/case-tables.ts'
import { toApiObject } from '../support/api-objects.ts'
import type { ApiManifest } from '../support/api-paths.ts'
import { conformanceCluster } from '../support/conformance-cluster.ts'
import { whyNoControllers } from '../support/control-plane-assets.ts'
import { ControlPlane } from '../support/control-plane.ts'
import { askOverUdp } from '../support/dns-subject.ts'
import { checkCases, type QueryCase } from '../support/query-cases.ts'
import { ServedCluster } from '../support/served-cluster.ts'

/** Of a name server that is to be recognised as one of the cluster's. */
const ownAddress = Object.values(networkInterfaces())
  .flat()
  .find(found => found?.family === 'IPv4' && !found.internal)?.address

/** Ranges of the cases' addresses. That of the flag has the API server's own Service at its first one, which a case wants. */
const flaggedCidrs = '10.96.0.0/16,fd00:96::/112'
const moreCidrs = ['10.0.0.0/24', '1234:abcd::/112', '10::/112']

/** What an API server refuses; and ghost's Namespace is not there, which is the case. */
const refused = [
  'ghost/svc1',
  'testns/portless',
  'testns/external-to-port',
  'testns/external-upper',
]
const aboutRefused = /^(5\.0\.0\.10\.|(.*\.)?(portless|external-to-port|external-upper)\.testns\.)/

/** As a user would write it: what the cases' objects leave out decides about families. */
function manifestOf(object: (typeof conformanceCluster)[number]): ApiManifest {
  const text = JSON.stringify(toApiObject(object)).replaceAll(
    '172.9.0.1',
    ownAddress ?? '172.9.0.1',
  )
  const manifest = JSON.parse(text) as ApiManifest
  const { clusterIPs } = (manifest['spec'] ?? {}) as { clusterIPs?: readonly string[] }
  if (!clusterIPs || clusterIPs[0] === 'None') return manifest
  const ipFamilies = clusterIPs.map(address => (address.includes(':') ? 'IPv6' : 'IPv4'))
  const ipFamilyPolicy = clusterIPs.length > 1 ? 'RequireDualStack' : 'SingleStack'
  const spec = { ...(manifest['spec'] as object), ipFamilies, ipFamilyPolicy }
  return { ...manifest, spec }
}

function nameOf({ metadata }: ApiManifest): string {
  return `${metadata.namespace}/${metadata.name}`
}

t.test('a real cluster', { skip: whyNoControllers() ?? false }, async t => {
  await using plane = await ControlPlane.start({ serviceCidrs: flaggedCidrs })
  for (const [i, cidr] of moreCidrs.entries()) {
    await plane.client.put({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'ServiceCIDR',
      metadata: { name: `more-${i}` },
      spec: { cidrs: [cidr] },
    })
  }
  await plane.client.until('/apis/networking.k8s.io/v1/servicecidrs', items =>
    items.every(({ status }) => JSON.stringify(status ?? {}).includes('"status":"True"')),
  )

  const found: string[] = []
  // Pods are for another test: these cases are about a server that does not look at them.
  for (const object of conformanceCluster.filter(({ kind }) => kind !== 'Pod')) {
    const manifest = manifestOf(object)
    try {
      await plane.client.put(manifest)
    } catch (error) {
      t.comment(String(error))
      found.push(nameOf(manifest))
    }
  }
  t.same(found, refused, 'refused by the API server')

  const listen = ownAddress ? ['--listen', `${ownAddress}:0`] : []
  const flags = ['--pods', 'disabled', ...listen]
  await using served = await ServedCluster.start(await plane.kubeconfig('coredns'), ...flags)
  const isMet = ({ query }: QueryCase): boolean => !aboutRefused.test(query)
  for (const [name, cases] of Object.entries(caseTables)) {
    await t.test(name, async t =>
      checkCases(t, askOverUdp(`127.0.0.1:${served.port}`), cases.filter(isMet)),
    )
  }
  t.strictSame(served.complaints, [])
})
