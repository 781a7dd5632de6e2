import { AnswerWriter } from '../../src/answers/answer-writer.ts'
import type { Binding } from '../../src/server/binding.ts'
import { parseName } from '../../src/dns/wire-name.ts'
import type { ConnectionLimits } from '../../src/server/serving-protocol.ts'
import { ServingThreads } from '../../src/server/serving-threads.ts'
import { quietThreads, servingConfiguration } from './serving-configuration.ts'
import { plainAddresses, plainZone } from './plain-answers.ts'

/** A server on a free loopback port with a small zone; closes with `await using`. */
export interface ServedTable extends AsyncDisposable {
  readonly writer: AnswerWriter
  readonly threads: ServingThreads
  readonly binding: Binding
  readonly logged: string[]
}

export async function serveTable({
  count = 1,
  isComplete = true,
  connections = {},
  corefile = '. {\n kubernetes cluster.local {\n pods insecure\n }\n}',
}: {
  readonly count?: number
  readonly isComplete?: boolean
  readonly connections?: ConnectionLimits
  readonly corefile?: string
} = {}): Promise<ServedTable> {
  const writer = new AnswerWriter()
  const zone = plainZone('cluster.local')
  writer.setZones([zone])
  writer.put(zone.name, [])
  for (const [name, addresses] of [
    ['web', 1],
    ['many', 60],
    ['most', 200],
    ['huge', 4000],
  ] as const) {
    writer.put(parseName(`${name}.default.svc.cluster.local`)!, [plainAddresses(1, addresses)])
  }
  writer.put(parseName('default.pod.cluster.local')!, [])
  if (isComplete) writer.markComplete()
  const logged: string[] = []
  const configuration = servingConfiguration(writer, corefile)
  const threads = await ServingThreads.start({
    ...quietThreads(logged),
    count,
    configuration: {
      ...configuration,
      listeners: configuration.listeners.map(listener => ({ ...listener, connections })),
    },
    onExit: index => writer.releaseReader(index),
  })
  return {
    writer,
    threads,
    binding: threads.bindings[0]!,
    logged,
    [Symbol.asyncDispose]: () => threads.close(),
  }
}
