import { hostname } from 'node:os'
import { text } from '../../corefile/text-arguments.ts'
import { EdnsCode } from '../../dns/edns.ts'
import type { Handler } from '../handler.ts'
import { mapAnswer } from '../map-answer.ts'
import type { Plugin } from '../plugin.ts'

/** Tells clients that ask which server answered them. */
export const nsid: Plugin<{ readonly data: string | undefined }> = {
  name: 'nsid',
  read(directive) {
    const words = directive.rest(text)
    directive.end()
    return { data: words.length > 0 ? words.join(' ') : undefined }
  },
  serve([settings]) {
    const option = { code: EdnsCode.nsid, data: Buffer.from(settings!.data ?? hostname()) }
    const handle: Handler = (query, next) => {
      if (!query.edns?.options.some(({ code }) => code === EdnsCode.nsid)) return next()
      return mapAnswer(next(), reply => {
        const others = reply.options?.filter(({ code }) => code !== EdnsCode.nsid) ?? []
        return { ...reply, options: [...others, option] }
      })
    }
    return {
      handle,
      leavesClusterAnswers: scan => !scan.hasOpt || scan.optionsStart === scan.optionsEnd,
    }
  },
}
