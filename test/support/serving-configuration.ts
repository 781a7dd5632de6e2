import { AnswerWriter } from '../../src/answers/answer-writer.ts'
import type { ServingConfiguration } from '../../src/server/serving-protocol.ts'
import { parseFiles } from './corefile-files.ts'
import { testCertificate } from './test-certificate.ts'

/** `kubernetes` for the usual zones. */
const clusterCorefile = `. {
  kubernetes cluster.local in-addr.arpa ip6.arpa
}`

/** What serving threads are told to serve a Corefile whose blocks, of one scheme, all stand on one free port of loopback. */
export function servingConfiguration(
  answers: AnswerWriter,
  corefile = clusterCorefile,
): ServingConfiguration {
  const { blocks } = parseFiles({ Corefile: corefile })
  const scheme = blocks[0]!.keys[0]!.scheme === 'tls' ? 'tls' : 'dns'
  const { cert, key } = testCertificate
  return {
    answers: answers.buffer,
    clients: new AnswerWriter().buffer,
    blocks: blocks.map(({ keys, directives }) => ({
      zones: keys.map(({ zone }) => zone),
      port: keys[0]!.port,
      server: `${scheme}://:${keys[0]!.port}`,
      directives,
    })),
    listeners: [
      {
        binding: { address: '127.0.0.1', family: 'IPv4', port: 0, scheme },
        blocks: [...blocks.keys()],
        ...(scheme === 'tls' && { tls: { cert, key, ca: undefined, clientAuth: 'none' } }),
      },
    ],
  }
}

/** The rest of what ServingThreads wants; what is logged goes to `logged`. */
export function quietThreads(logged: string[] = []): {
  readonly entry: URL
  readonly logger: Record<'info' | 'warn' | 'error', (message: string, fields?: object) => void>
  readonly onExit: () => void
  readonly onFault: () => void
  readonly onMetric: () => void
  readonly onLine: () => void
  readonly answer: () => undefined
} {
  const log = (message: string, fields: object = {}): void => {
    logged.push(`${message} ${JSON.stringify(fields)}`)
  }
  return {
    entry: new URL('../../src/server/worker.ts', import.meta.url),
    logger: { info: log, warn: log, error: log },
    onExit: () => {},
    onFault: () => {},
    onMetric: () => {},
    onLine: () => {},
    answer: () => undefined,
  }
}
