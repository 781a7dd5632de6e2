import { hostname } from 'node:os'
import { text } from '../../corefile/text-arguments.ts'
import { Rcode } from '../../dns/rcode.ts'
import { RrType } from '../../dns/rr-type.ts'
import { renderName } from '../../dns/wire-name.ts'
import manifest from '../../../package.json' with { type: 'json' }
import { characterString } from '../character-string.ts'
import type { Handler } from '../handler.ts'
import type { Plugin } from '../plugin.ts'
import { shuffle } from '../shuffle.ts'

/** RFC 1035 §3.2.4. */
const classChaos = 3

interface ChaosSettings {
  readonly version: string
  readonly authors: readonly string[]
}

/** Says what this server is, to questions of class CH. RFC 4892. */
export const chaos: Plugin<ChaosSettings> = {
  name: 'chaos',
  read(directive) {
    const version = directive.optional(text) ?? `Signpost-${manifest.version}`
    const authors = [...new Set(directive.rest(text))].toSorted()
    directive.end()
    return { version, authors: authors.length > 0 ? authors : ['The Signpost authors'] }
  },
  serve: ([settings]) => ({
    handle: answerFrom(settings!),
    leavesClusterAnswers: true,
    takesOtherClasses: true,
  }),
}

function answerFrom({ version, authors }: ChaosSettings): Handler {
  const host = [hostname()]
  const texts: ReadonlyMap<string, () => readonly string[]> = new Map([
    ['version.bind.', () => [version]],
    ['version.server.', () => [version]],
    ['hostname.bind.', () => host],
    ['id.server.', () => host],
    ['authors.bind.', () => shuffle(authors)],
  ])
  return (query, next) => {
    const { name } = query
    const found =
      query.class === classChaos && query.type === RrType.txt && texts.get(renderName(name))
    if (!found) return next()
    const answers = found().map(line => ({
      name,
      type: RrType.txt,
      ttlSeconds: 0,
      rdata: characterString(line),
    }))
    return { rcode: Rcode.noError, authoritative: false, answers }
  }
}
