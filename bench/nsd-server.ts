import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { access, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from './bench.ts'
import { ask } from './dns-question.ts'

const zones = ['cluster.local', 'in-addr.arpa'] as const
const serverCount = 2
const startPatienceMs = 30_000

export interface NsdServer {
  readonly pid: number
  readonly port: number
  end(): Promise<void>
}

/** Where nsd is; it is not on everybody's PATH. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin']) {
    const path = join(folder, name)
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path
  }
  return undefined
}

/** NSD with two servers, no rate limit and no control socket, on a copy of the zones in the file `names`. */
export async function startNsd(
  bench: Bench,
  { program, names }: { readonly program: string; readonly names: string },
): Promise<NsdServer> {
  const folder = join(bench.folder, 'nsd')
  await mkdir(folder)
  await writeZones(names, folder)
  const port = await freePort()
  const configuration = join(folder, 'nsd.conf')
  await writeFile(configuration, renderConfiguration(folder, port))
  const child = bench.children.start(program, ['-d', '-c', configuration])
  // It reads the zones before it answers.
  for (const startedAt = performance.now(); performance.now() - startedAt < startPatienceMs;) {
    const answer = await ask({ port }, { name: zones[0], type: 'SOA' })
    if (answer?.rcode === 'NOERROR') return { pid: child.pid, port, end: () => child.end() }
    await sleep(100)
  }
  throw new Error('Cannot start NSD: it does not answer')
}

function renderConfiguration(folder: string, port: number): string {
  const server = `server:
  ip-address: 127.0.0.1@${port}
  server-count: ${serverCount}
  reuseport: yes
  username: ""
  database: ""
  zonesdir: "${folder}"
  pidfile: "${folder}/nsd.pid"
  xfrdfile: "${folder}/xfrd.state"
  xfrdir: "${folder}"
  zonelistfile: "${folder}/zone.list"
  rrl-ratelimit: 0
  rrl-whitelist-ratelimit: 0
remote-control:
  control-enable: no
`
  return server + zones.map(zone => `zone:\n  name: ${zone}\n  zonefile: ${zone}.zone\n`).join('')
}

async function writeZones(names: string, folder: string): Promise<void> {
  const outputs = zones.map(zone => ({
    zone,
    stream: createWriteStream(join(folder, `${zone}.zone`)),
  }))
  for await (const line of createInterface({ input: createReadStream(names) })) {
    const name = line.slice(0, line.indexOf(' '))
    const output = outputs.find(({ zone }) => name === `${zone}.` || name.endsWith(`.${zone}.`))
    if (output && !output.stream.write(`${line}\n`)) await once(output.stream, 'drain')
  }
  for (const { stream } of outputs) await once(stream.end(), 'finish')
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return port
}
