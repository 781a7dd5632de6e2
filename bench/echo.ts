import type { Bench } from './bench.ts'

export interface EchoServer {
  readonly pid: number
  readonly port: number
  end(): Promise<void>
}

/** `echo-server.mjs` on a free port, ready. */
export async function startEcho({ children }: Bench): Promise<EchoServer> {
  const child = children.start(process.execPath, ['bench/echo-server.mjs'])
  for await (const line of child.lines()) {
    return { pid: child.pid, port: Number(line), end: () => child.end() }
  }
  throw new Error('Cannot start the echo: it ended')
}
