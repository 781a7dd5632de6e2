import manifest from '../../package.json' with { type: 'json' }
import type { Command } from './command.ts'

/** As CoreDNS tells them. */
export const versionLines = `Signpost-${manifest.version}\n${process.platform}/${process.arch}, node ${process.version}\n`

export const versionCommand: Command = {
  name: 'version',
  positionals: '',
  minPositionals: 0,
  maxPositionals: 0,
  summary: 'Print the version',
  options: {},
  examples: ['signpost version'],
  run: (_line, io) => {
    io.out(versionLines)
    return Promise.resolve(0)
  },
}
