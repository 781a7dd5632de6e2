import t from 'tap'
import { ConfigMapServer } from '../../test/support/config-map-server.ts'
import { master, serviceOf } from '../../test/support/pod-review-run.ts'
import { rawObject } from '../objects/raw-value.ts'
import { VariablesConfigMaps } from './variables-config-maps.ts'

const ours = { 'app.kubernetes.io/managed-by': 'signpost' }

/** Runs the first time only. */
function once(act: () => unknown): () => void {
  let isDone = false
  return () => {
    if (!isDone) act()
    isDone = true
  }
}

interface Setting {
  readonly server: ConfigMapServer
  /** `shop/web` to its line. */
  readonly lines: Map<string, string>
  readonly log: string[]
  readonly waitsMs: number[]
  /** Another replica. */
  readonly replica: () => VariablesConfigMaps
  /** `WEB KUBERNETES` */
  readonly hostsIn: (namespace: string) => string
}

function setUp(): Setting {
  const server = new ConfigMapServer()
  const lines = new Map([['default/kubernetes', master]])
  const log: string[] = []
  const waitsMs: number[] = []
  const say = (message: string): void => void log.push(message)
  const cluster = {
    services: (namespace: string) =>
      [...lines]
        .filter(([key]) => key.startsWith(`${namespace}/`))
        .map(([, line]) => ({ service: serviceOf(line) })),
  }
  return {
    server,
    lines,
    log,
    waitsMs,
    replica: () =>
      new VariablesConfigMaps({
        cluster,
        client: server,
        logger: { info: say, warn: say, error: say },
        pause: async (ms, signal) => {
          waitsMs.push(ms)
          await Promise.resolve()
          signal.throwIfAborted()
        },
      }),
    hostsIn: namespace =>
      Object.entries(rawObject(server.maps.get(namespace)?.['data']))
        .filter(([name]) => name.endsWith('_SERVICE_HOST'))
        .map(([name, value]) => `${name.replace('_SERVICE_HOST', '')}=${String(value)}`)
        .join(' '),
  }
}

t.test('VariablesConfigMaps follows the Services of the namespaces it keeps', async t => {
  const { server, lines, replica, hostsIn } = setUp()
  await using maps = replica()
  maps.servicesChanged(['shop'])
  await maps.settled()
  t.strictSame(server.requests, [], 'nobody asked')
  maps.keep('shop')
  maps.keep('shop')
  await maps.settled()
  t.strictSame(server.requests, ['create shop'])
  t.equal(hostsIn('shop'), 'KUBERNETES=10.96.0.1')
  t.strictSame(server.maps.get('shop')!.metadata, {
    namespace: 'shop',
    name: 'signpost-service-variables',
    labels: ours,
    resourceVersion: '1',
  })

  lines.set('shop/web', 'shop/web 10.0.0.1 80')
  lines.set('other/db', 'other/db 10.0.0.2 80')
  maps.servicesChanged(['other'])
  await maps.settled()
  maps.servicesChanged(['shop', 'other'])
  await maps.settled()
  t.strictSame(server.requests.splice(0), ['create shop', 'replace shop'])
  t.equal(hostsIn('shop'), 'KUBERNETES=10.96.0.1 WEB=10.0.0.1')

  lines.set('default/kubernetes', 'default/kubernetes 10.96.0.9 443')
  maps.servicesChanged(['default'])
  await maps.settled()
  t.equal(hostsIn('shop'), 'KUBERNETES=10.96.0.9 WEB=10.0.0.1')

  server.maps.delete('shop')
  maps.keep('shop')
  await maps.settled()
  t.strictSame(server.requests, ['replace shop', 'create shop'])
})

t.test(
  'VariablesConfigMaps writes nothing that is there, and what two replicas write once',
  async t => {
    const { server, replica, hostsIn } = setUp()
    await using one = replica()
    await using other = replica()
    one.keep('shop')
    other.keep('shop')
    await Promise.all([one.settled(), other.settled()])
    t.strictSame(server.requests.splice(0).sort(), ['create shop', 'create shop conflict'])
    one.keep('shop')
    await one.settled()
    t.strictSame(server.requests, [])
    t.equal(hostsIn('shop'), 'KUBERNETES=10.96.0.1')
  },
)

t.test('VariablesConfigMaps takes a ConfigMap without data for an empty one', async t => {
  const { server, lines, replica } = setUp()
  await using maps = replica()
  lines.clear()
  maps.keep('shop')
  await maps.settled()
  const { metadata } = server.maps.get('shop')!
  server.maps.set('shop', { metadata })
  maps.keep('shop')
  await maps.settled()
  t.strictSame(server.requests, ['create shop'])
})

t.test('VariablesConfigMaps reads again what somebody else wrote meanwhile', async t => {
  const { server, replica, hostsIn } = setUp()
  await using maps = replica()
  server.put('shop', { labels: { ...ours, team: 'a' }, data: { OLD: '1' } })
  server.onRead = once(() => server.put('shop', { labels: { ...ours, team: 'b' } }))
  maps.keep('shop')
  await maps.settled()
  t.strictSame(server.requests.splice(0), ['replace shop conflict', 'replace shop'])
  t.equal(hostsIn('shop'), 'KUBERNETES=10.96.0.1')
  t.strictSame(rawObject(server.maps.get('shop')!.metadata)['labels'], { ...ours, team: 'b' })

  server.put('shop', { labels: ours })
  server.onRead = once(() => server.maps.delete('shop'))
  maps.keep('shop')
  await maps.settled()
  t.strictSame(server.requests, ['replace shop missing', 'create shop'])
})

t.test(
  "VariablesConfigMaps leaves somebody else's ConfigMap and namespaces that are gone",
  async t => {
    const { server, log, replica } = setUp()
    await using maps = replica()
    server.put('shop', { data: { MINE: '1' } })
    server.goneNamespaces.add('gone')
    maps.keep('shop')
    maps.keep('gone')
    await maps.settled()
    t.strictSame(server.requests, ['create gone missing'])
    t.strictSame(log, ["ConfigMap is somebody else's"])
    await maps.remove('shop')
    t.strictSame(server.maps.get('shop')!['data'], { MINE: '1' })
    maps.servicesChanged(['default'])
    await maps.settled()
    t.equal(server.requests.length, 1, 'neither is kept')
  },
)

t.test('VariablesConfigMaps tries again what failed, and says so once', async t => {
  const { server, log, waitsMs, replica, hostsIn } = setUp()
  await using maps = replica()
  let reads = 0
  server.onRead = () => {
    if (++reads < 4) throw new Error('the server is away')
  }
  maps.keep('shop')
  await maps.settled()
  t.strictSame(waitsMs, [100, 500, 1000, 2000])
  t.strictSame(log, ['variables are not written', 'variables written'])
  t.equal(hostsIn('shop'), 'KUBERNETES=10.96.0.1')
})

t.test('VariablesConfigMaps gives up for now what is changed by others each time', async t => {
  const { server, log, replica, hostsIn } = setUp()
  await using maps = replica()
  server.put('shop', { labels: ours })
  let reads = 0
  server.onRead = () => {
    if (++reads <= 5) server.put('shop', { labels: ours })
  }
  maps.keep('shop')
  await maps.settled()
  t.strictSame(log, ['variables are not written', 'variables written'])
  t.equal(hostsIn('shop'), 'KUBERNETES=10.96.0.1')
})

t.test('VariablesConfigMaps.remove() deletes the version that it knows for its own', async t => {
  const { server, replica } = setUp()
  await using maps = replica()
  maps.keep('shop')
  await maps.settled()
  server.onRead = once(() => server.put('shop', { labels: ours }))
  await maps.remove('shop')
  t.strictSame(server.requests.splice(0), ['create shop', 'delete shop conflict', 'delete shop'])
  maps.servicesChanged(['shop'])
  await maps.settled()
  await maps.remove('shop')
  t.strictSame(server.requests, [])
})

t.test('VariablesConfigMaps ends while it waits', async t => {
  const { server, replica } = setUp()
  const maps = replica()
  server.onRead = () => {
    throw new Error('the server is away')
  }
  maps.keep('shop')
  await maps[Symbol.asyncDispose]()
  await maps.settled()
  t.equal(server.maps.size, 0)
})
