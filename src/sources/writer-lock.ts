import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { AllocationStateError } from './allocation-state-error.ts'
import { openDatabase, sqliteCode } from './sqlite-database.ts'

const SQLITE_BUSY = 5

export interface WriterLock {
  release(): void
}

/**
 * Makes this process the only writer of a directory. The lock is an open transaction on an empty
 * database, because the kernel drops SQLite's file locks with the process, however it ends; a file
 * with a process id would outlive a kill and, in a container, name a process that is always there.
 */
export async function takeWriterLock(directory: string): Promise<WriterLock> {
  const holderFile = join(directory, 'writer.json')
  const database = await openDatabase(join(directory, 'writer.lock'), { timeoutMs: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    database.close()
    if (sqliteCode(cause) !== SQLITE_BUSY) throw cause
    const message = `Cannot open ${JSON.stringify(directory)} for writing: held by ${describeHolder(holderFile)}`
    throw new AllocationStateError('held', message, { cause })
  }
  const holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() }
  writeFileSync(holderFile, `${JSON.stringify(holder)}\n`)
  return {
    release: () => {
      rmSync(holderFile, { force: true })
      database.close()
    },
  }
}

function describeHolder(holderFile: string): string {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(holderFile, 'utf8'))
    return `process ${pid} on ${host} since ${since}`
  } catch {
    // The holder has taken the lock and not yet written its name.
    return 'another process'
  }
}
