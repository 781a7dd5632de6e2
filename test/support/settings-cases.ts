import { ReadBlock } from '../../src/plugins/build-chain.ts'
import type { Plugin } from '../../src/plugins/plugin.ts'
import { parseFiles } from './corefile-files.ts'

/** What a plugin reads from the lines of a block, or the message of the error. */
export function readSettings<Settings>(
  plugin: Plugin<Settings>,
  lines: string,
): readonly Settings[] | string {
  const { keys, directives } = parseFiles({ Corefile: `example.org {\n${lines}\n}` }).blocks[0]!
  try {
    const place = { zones: keys.map(({ zone }) => zone), port: 53 }
    return new ReadBlock(directives, place).settingsOf(plugin)
  } catch (error) {
    return (error as Error).message
  }
}
