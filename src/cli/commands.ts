import type { Command } from './command.ts'
import { checkCommand, configCommand, pluginsCommand } from './corefile-commands.ts'
import { injectCommand } from './inject-command.ts'
import { endpointsCommand, envCommand, namesCommand, servicesCommand } from './list-commands.ts'
import { queryCommand } from './query-command.ts'
import { serveCommand } from './serve-command.ts'
import { versionCommand } from './version-command.ts'
import { webhookCommand } from './webhook-command.ts'

/** In the order of `--help`. */
export const commands: readonly Command[] = [
  serveCommand,
  checkCommand,
  configCommand,
  pluginsCommand,
  queryCommand,
  servicesCommand,
  endpointsCommand,
  namesCommand,
  envCommand,
  injectCommand,
  webhookCommand,
  versionCommand,
]
