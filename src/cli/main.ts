import { commands } from './commands.ts'
import { runCli } from './cli.ts'

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stop.abort()
    // The second one ends at once whatever still hangs.
    process.once(signal, () => process.exit(130))
  })
}
// `signpost names | head` closes the pipe early; that is no error of ours.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(0)
})

process.exitCode = await runCli(commands, process.argv.slice(2), {
  out: text => void process.stdout.write(text),
  err: text => void process.stderr.write(text),
  isTerminal: process.stdout.isTTY,
  stop: stop.signal,
})
