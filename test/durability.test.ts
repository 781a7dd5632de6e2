/**
 * What was ever answered stays true: a server is killed again and again while Services are added, moved between files and
 * removed. The range is so small that most Services do not get the address that their name leads to, so that order and
 * history matter. `SEED=123` repeats a run.
 */
import { createSocket } from 'node:dgram'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { CliProcess } from './support/cli-run.ts'
import { decoded, plainQuery } from './support/dns-client.ts'
import { randomOf, seed } from './support/random.ts'

const services = 1000
const servicesPerFile = 10
const kills = 5
/** 1,022 addresses for 1,000 Services, the built-in one and a few that go again. */
const serviceCidr = '10.96.0.0/22'
const deadlineMs = 20_000

/** Asks for names without pause and remembers the first address that each was answered with. */
class Witness {
  readonly answered = new Map<string, string>()
  readonly contradictions: string[] = []
  readonly #names: readonly string[]
  readonly #socket = createSocket('udp4')
  #port = 0
  #next = 0
  #timer: NodeJS.Timeout | undefined

  /** `names` may grow. */
  constructor(names: readonly string[]) {
    this.#names = names
    this.#socket.on('message', reply => this.#note(reply))
    this.#timer = setInterval(() => this.#askSome(), 2)
  }

  /** Whom to ask from now on; 0 for nobody. */
  set port(port: number) {
    this.#port = port
  }

  close(): void {
    clearInterval(this.#timer)
    this.#socket.close()
  }

  #askSome(): void {
    if (this.#port === 0) return
    for (let i = 0; i < Math.min(20, this.#names.length); i++) {
      const name = this.#names[this.#next++ % this.#names.length]!
      const query = plainQuery(`${name}.default.svc.cluster.local`, 'A', this.#next & 0xffff)
      this.#socket.send(query, this.#port, '127.0.0.1')
    }
  }

  #note(reply: Buffer): void {
    const { questions, answers } = decoded(reply)
    const name = questions?.[0]?.name.split('.')[0] ?? ''
    const answer = answers?.[0]
    if (answer?.type !== 'A') return
    const before = this.answered.get(name)
    if (before === undefined) this.answered.set(name, answer.data)
    else if (before !== answer.data)
      this.contradictions.push(`${name}: ${before}, then ${answer.data}`)
  }
}

function manifestOf(names: readonly string[]): string {
  return names
    .map(
      name =>
        `---\n{apiVersion: v1, kind: Service, metadata: {name: ${name}}, spec: {ports: [{port: 80}]}}\n`,
    )
    .join('')
}

t.test(`no address is ever taken back by a kill (SEED=${seed})`, async t => {
  const random = randomOf(seed)
  const root = t.testdir({})
  const manifests = join(root, 'manifests')
  mkdirSync(manifests)
  const path = (file: string): string => join(manifests, file)
  const write = (file: string, names: readonly string[]): void => {
    writeFileSync(path(`.${file}`), manifestOf(names))
    renameSync(path(`.${file}`), path(file))
  }
  const start = (): CliProcess =>
    // prettier-ignore
    new CliProcess(['serve', '--manifests', manifests, '--state', join(root, 'state'), '--listen', '127.0.0.1:0', '--workers', '1', '--service-cidr', serviceCidr])

  const names: string[] = []
  const witness = new Witness(names)
  t.teardown(() => witness.close())
  const steps = services / servicesPerFile
  const killSteps = new Set<number>()
  while (killSteps.size < kills) killSteps.add(5 + random(steps - 5))

  let server = start()
  t.teardown(() => server[Symbol.dispose]())
  witness.port = await server.port()
  for (let step = 0; step < steps; step++) {
    const added = Array.from({ length: servicesPerFile }, (_, i) => `s${random(1e9)}-${step}-${i}`)
    write(`${random(1000)}-${step}.yaml`, added)
    names.push(...added)
    // Services that come for a while take addresses and give them back.
    if (step % 4 === 0) write(`brief-${step}.yaml`, [`brief-${step}`, `brief-${step}-too`])
    if (step % 4 === 3) rmSync(path(`brief-${step - 3}.yaml`))
    await delay(random(40))
    if (!killSteps.has(step)) continue
    server.child.kill('SIGKILL')
    await server.ended
    witness.port = 0
    // Nobody looks while the order of files changes and more is added.
    const late = `late-${step}-${random(1e9)}`
    write(`aaa-${step}.yaml`, [late])
    names.push(late)
    server = start()
    witness.port = await server.port()
  }
  server.child.kill('SIGKILL')
  await server.ended
  server = start()
  witness.port = await server.port()
  const startedAt = performance.now()
  while (witness.answered.size < names.length && performance.now() - startedAt < deadlineMs)
    await delay(20)
  await delay(300)
  t.same(witness.contradictions, [])
  t.equal(witness.answered.size, names.length, 'every Service has been answered')
  t.equal(new Set(witness.answered.values()).size, names.length, 'with an address of its own')
  server.child.kill('SIGTERM')
  t.same(await server.ended, { code: 0, signal: null })
  t.notMatch(server.out, /"level":"(error|warn)"/)
})
