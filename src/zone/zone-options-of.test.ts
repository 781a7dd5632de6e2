import t from 'tap'
import { type ZoneSettings, zoneOptionsOf } from './zone-options-of.ts'

const settings: ZoneSettings = {
  zones: ['cluster.local.', 'example.local.', 'third.local.'],
  reverseZones: [],
  ttlSeconds: 0,
  pods: 'verified',
  endpointPodNames: true,
  ignoreEmptyService: true,
  noEndpoints: false,
  zonal: true,
  namespaces: ['a'],
  namespaceLabels: undefined,
  labels: undefined,
}

t.test('zoneOptionsOf() leaves out what is not said', async t => {
  t.strictSame(zoneOptionsOf(settings, ['10.0.0.1']), {
    zone: 'cluster.local.',
    furtherZones: ['example.local.', 'third.local.'],
    reverseZones: [],
    ttlSeconds: 0,
    pods: 'verified',
    endpointPodNames: true,
    ignoreEmptyService: true,
    noEndpoints: false,
    zonal: true,
    namespaces: ['a'],
    localAddresses: ['10.0.0.1'],
  })
  const said = zoneOptionsOf({ ...settings, zones: [], namespaceLabels: 'a', labels: 'b=c' }, [])
  t.match(said, { zone: undefined, namespaceLabels: 'a', labels: 'b=c', furtherZones: [] })
})
