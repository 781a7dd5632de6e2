import { buffer } from 'node:stream/consumers'
import { commands } from './commands.ts'
import { runCli } from './cli.ts'

const stop = new AbortController()
let endsInOrder = false
// Listened for from the start: as process 1 of a container a program without a listener is never ended.
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const) {
  process.on(signal, () => {
    if (!endsInOrder || stop.signal.aborted) process.exit(128 + number)
    stop.abort()
  })
}
// `signpost names | head` closes the pipe early; that is no error of ours.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(0)
})

process.exitCode = await runCli(commands, process.argv.slice(2), {
  out: text => void process.stdout.write(text),
  err: text => void process.stderr.write(text),
  readInput: () => buffer(process.stdin),
  isTerminal: process.stdout.isTTY,
  stop: () => {
    endsInOrder = true
    return stop.signal
  },
  onReload: reload => void process.on('SIGUSR1', reload),
})
