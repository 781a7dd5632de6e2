import { spawnSync } from 'node:child_process'
import { basename } from 'node:path'

/** `dnsperf 2.10.0`, from what the tool prints about itself. */
export async function toolVersion(
  program: string,
  args: readonly string[],
  pattern: RegExp,
): Promise<string> {
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  return `${basename(program)} ${pattern.exec(`${stdout}${stderr}`)?.[1] ?? '(version unknown)'}`
}
