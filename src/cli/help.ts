import type { Command, CommandOption } from './command.ts'

/** `signpost --help`. */
export function renderOverview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(command => command.name.length))
  return [
    'Signpost: Kubernetes service discovery in one program.\n',
    'Usage: signpost COMMAND [OPTIONS]\n',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}   ${summary}`),
    '\nExamples:',
    '  signpost serve --manifests examples',
    '  dig @127.0.0.1 -p 1053 web-service.default.svc.cluster.local',
    '\n`signpost COMMAND --help` tells of one command.\n',
  ].join('\n')
}

/** `signpost COMMAND --help`. */
export function renderHelp(command: Command): string {
  const usage = ['signpost', command.name, command.positionals, '[OPTIONS]']
    .filter(Boolean)
    .join(' ')
  const options = Object.entries({
    ...command.options,
    help: { help: 'this page', short: 'h' },
  }).map(([name, option]: [string, CommandOption]) => {
    const short = option.short ? `-${option.short}, ` : '    '
    return { flag: `${short}--${name}${option.value ? ` ${option.value}` : ''}`, help: option.help }
  })
  const width = Math.max(...options.map(({ flag }) => flag.length))
  return [
    `${command.summary}\n`,
    `Usage: ${usage}\n`,
    ...options.map(({ flag, help }) => `  ${flag.padEnd(width)}   ${help}`),
    '\nExamples:',
    ...command.examples.map(example => `  ${example}`),
    '',
  ].join('\n')
}
