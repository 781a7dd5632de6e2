import { builtInCorefile } from '../app/built-in-corefile.ts'
import { loadCorefile } from '../app/corefile-loader.ts'
import { planServing, pluginNames } from '../app/serving-plan.ts'
import { CorefileError } from '../corefile/corefile-error.ts'
import type { Command } from './command.ts'

export const checkCommand: Command = {
  name: 'check',
  positionals: 'FILE',
  minPositionals: 1,
  maxPositionals: 1,
  summary: 'Check a Corefile as `serve` would, without starting',
  options: {},
  examples: ['signpost check /etc/coredns/Corefile'],
  run: ({ positionals }, io) => {
    try {
      const { corefile, sha512 } = loadCorefile({ path: positionals[0]! })
      for (const warning of corefile.warnings) io.err(`${warning}\n`)
      const { blocks, listeners } = planServing(corefile)
      for (const { server, zones, directives } of blocks) {
        const plugins = directives.map(({ name }) => name).join(', ')
        io.out(`${server}  ${zones.join(' ')}  ${plugins || 'no plugins: REFUSED'}\n`)
      }
      io.out(`${listeners.length} listeners, SHA512 = ${sha512}\n`)
      return Promise.resolve(0)
    } catch (error) {
      if (!(error instanceof CorefileError)) throw error
      // The place comes first, as editors want it.
      io.err(`${error.message}\n`)
      return Promise.resolve(1)
    }
  },
}

export const configCommand: Command = {
  name: 'config',
  positionals: '',
  minPositionals: 0,
  maxPositionals: 0,
  summary: 'Print the Corefile that is used where none is given',
  options: {},
  examples: ['signpost config > Corefile'],
  run: (_line, io) => {
    io.out(builtInCorefile({ zone: 'cluster.local', pods: 'insecure', ttlSeconds: 5 }))
    return Promise.resolve(0)
  },
}

export const pluginsCommand: Command = {
  name: 'plugins',
  positionals: '',
  minPositionals: 0,
  maxPositionals: 0,
  summary: 'Print the plugins that a Corefile may name, in the order of the chain',
  options: {},
  examples: ['signpost plugins'],
  run: (_line, io) => {
    for (const name of pluginNames) io.out(`${name}\n`)
    return Promise.resolve(0)
  },
}
