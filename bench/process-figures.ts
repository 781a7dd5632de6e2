import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Linux counts CPU time for user space in this unit everywhere: USER_HZ, proc(5). */
const ticksPerSecond = 100

/** User and system CPU time of a process with all its threads, and of the processes below it. */
export function cpuSeconds(pid: number): number {
  const parents = new Map<number, number>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const stat = readStat(Number(entry))
    if (stat) parents.set(Number(entry), Number(stat[1]))
  }
  let ticks = 0
  for (const candidate of parents.keys()) {
    let at: number | undefined = candidate
    while (at !== undefined && at !== pid) at = parents.get(at)
    const stat = at === pid ? readStat(candidate) : undefined
    if (stat) ticks += Number(stat[11]) + Number(stat[12])
  }
  return ticks / ticksPerSecond
}

export interface Memory {
  readonly residentMb: number
  readonly peakMb: number
}

/** VmRSS and VmHWM of a process. */
export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const read = (key: string): number =>
    Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024
  return { residentMb: read('VmRSS'), peakMb: read('VmHWM') }
}

/** UDP sockets that a process has open: its file descriptors that are in the tables of proc_net(5). */
export function udpSockets(pid: number): number {
  const inodes = new Set<string>()
  for (const table of ['udp', 'udp6']) {
    const [, ...rows] = readFileSync(`/proc/${pid}/net/${table}`, 'utf8').trim().split('\n')
    for (const row of rows) inodes.add(`socket:[${row.trim().split(/\s+/)[9]}]`)
  }
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).filter(fd => inodes.has(targetOf(`${folder}/${fd}`))).length
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link)
  } catch {
    // Closed meanwhile.
    return ''
  }
}

/** The fields of /proc/PID/stat from the state on; the name before it may hold anything. */
function readStat(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    // Ended meanwhile.
    return undefined
  }
}
