import { classIn } from '../../dns/header.ts'
import { Rcode } from '../../dns/rcode.ts'
import { RrType } from '../../dns/rr-type.ts'
import { characterString } from '../character-string.ts'
import type { Handler } from '../handler.ts'
import type { Plugin } from '../plugin.ts'

/** The number of the RFC, as CoreDNS has it. */
const ttlSeconds = 8482

const rdata = Buffer.concat([characterString('ANY obsoleted'), characterString('See RFC 8482')])

/** Answers questions of type ANY with one HINFO record. RFC 8482 §4.2. */
export const any: Plugin<void> = {
  name: 'any',
  read: directive => directive.end(),
  serve: () => ({ handle, leavesClusterAnswers: true }),
}

const handle: Handler = (query, next) => {
  const { name, type } = query
  if (type !== RrType.any || query.class !== classIn) return next()
  const hinfo = { name, type: RrType.hinfo, ttlSeconds, rdata }
  return { rcode: Rcode.noError, authoritative: false, answers: [hinfo] }
}
