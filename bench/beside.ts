/** Another server that is measured in the same rounds. Somebody else started it and ends it. */
export interface BesideServer {
  readonly name: string
  readonly host: string
  readonly port: number
  /** The process whose CPU time and memory are counted, with the processes below it. */
  readonly pid: number
}

interface BesideFlags {
  readonly beside?: string | undefined
  readonly 'beside-pid'?: string | undefined
  readonly 'beside-name'?: string | undefined
}

/** `undefined` when no server is given. Throws for flags that do not go together. */
export function readBeside(flags: BesideFlags): BesideServer | undefined {
  const { beside, 'beside-pid': pidText, 'beside-name': name } = flags
  if (beside === undefined && pidText === undefined && name === undefined) return undefined
  const [, host, port] = /^\[?(.+?)\]?:(\d+)$/.exec(beside ?? '') ?? []
  const pid = Number(pidText)
  if (!host || !(pid > 0))
    throw new TypeError(
      'Expected --beside HOST:PORT and --beside-pid PID, of a server on this machine',
    )
  return { name: name ?? 'the server beside', host, port: Number(port), pid }
}
